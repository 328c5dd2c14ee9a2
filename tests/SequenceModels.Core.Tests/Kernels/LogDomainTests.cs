using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

/// <summary>Last bits must not depend on neighbours that are impossible.</summary>
public class LogDomainTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(40)]
    public void An_exponential_has_the_same_bits_beside_one_that_is_impossible(int count)
    {
        var random = new Random(3);
        for (int row = 0; row < 200; row++)
        {
            double[] alone = [.. Enumerable.Range(0, count).Select(_ => -3 * random.NextDouble())];
            double[] beside = [.. alone];
            beside[count / 2] = double.NegativeInfinity;
            LogDomain.Exp(alone);
            LogDomain.Exp(beside);
            alone[count / 2] = 0;
            Assert.Equal(alone, beside);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(40)]
    public void A_logarithm_has_the_same_bits_beside_that_of_zero(int count)
    {
        var random = new Random(3);
        for (int row = 0; row < 200; row++)
        {
            double[] alone = [.. Enumerable.Range(0, count).Select(_ => 1 + 5 * random.NextDouble())];
            double[] beside = [.. alone];
            beside[count / 2] = 0;
            LogDomain.Log(alone);
            LogDomain.Log(beside);
            alone[count / 2] = double.NegativeInfinity;
            Assert.Equal(alone, beside);
        }
    }

    [Fact]
    public void Values_are_those_of_the_textbook()
    {
        double[] powers = [0, 1, -1, -700, -708, -1e6, double.NegativeInfinity, double.NaN];
        LogDomain.Exp(powers);
        Assert.Equal([1, Math.E, 1 / Math.E, Math.Exp(-700), 0, 0, 0, double.NaN], powers, Near);

        double[] logs = [1, Math.E, 1e-300, 0, double.NaN];
        LogDomain.Log(logs);
        Assert.Equal([0, 1, Math.Log(1e-300), double.NegativeInfinity, double.NaN], logs, Near);
    }

    private static bool Near(double expected, double actual) =>
        expected.Equals(actual) || Math.Abs(expected - actual) <= 1e-15 * Math.Abs(expected);
}
