using SequenceModels.Heads;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Heads;

public class CtcLatticeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_labels_probability_is_the_sum_over_all_ways_that_spell_it(int steps)
    {
        double[][] probabilities = Random(steps, outputs: 3);
        var sums = new Dictionary<string, double>();
        foreach (int[] way in CtcReference.Ways(steps, 3))
        {
            string spelled = string.Concat(CtcReference.Spelled(way));
            sums[spelled] = sums.GetValueOrDefault(spelled) + way.Select((output, t) => probabilities[t][output])
                .Aggregate(1.0, (product, p) => product * p);
        }
        Assert.Equal(1, sums.Values.Sum(), 1e-12);
        foreach ((string spelled, double sum) in sums)
        {
            float[] label = [.. spelled.Select(token => (float)(token - '0'))];
            Assert.Equal(sum, Math.Exp(LogProbability(probabilities, label)), 1e-7);
            Assert.Equal(sum, CtcReference.Probability(probabilities, [.. label.Select(token => (int)token)]), 1e-12);
        }
    }

    [Fact]
    public void A_label_that_needs_more_steps_has_no_way()
    {
        double[][] probabilities = Random(steps: 3, outputs: 3);
        Assert.Equal(double.NegativeInfinity, LogProbability(probabilities, [1, 2, 1, 2]));
        Assert.Equal(double.NegativeInfinity, LogProbability(probabilities, [1, 1, 2])); // a blank must part the two
        Assert.True(double.IsFinite(LogProbability(probabilities, [1, 1])));
    }

    [Fact]
    public void Long_sequences_whose_label_is_next_to_impossible_have_a_loss()
    {
        var lattice = new CtcLattice();
        float[] label = [.. Enumerable.Repeat(1f, 100)];
        lattice.Begin(label, steps: 300);
        for (int t = 0; t < 300; t++)
        {
            lattice.SetOutputs(t, [0, -50]);
            lattice.Normalize(t, 0);
        }
        double logProbability = lattice.Forward();
        // 100 tokens of e^-50 each, at any of the places that blanks leave between them.
        Assert.InRange(logProbability, -5000, -4700);
        lattice.Backward();
        float[] row = [0, 0];
        double said = 0;
        for (int t = 0; t < 300; t++, row = [0, 0])
        {
            lattice.Discount(t, 1, row);
            Assert.Equal(-1, row[0] + row[1], 1e-5);
            said -= row[1];
        }
        Assert.Equal(100, said, 1e-3);
    }

    /// <summary>Scaled sums give way to logarithms where the label is less likely than e^-600.</summary>
    [Theory]
    [InlineData(6, true)]
    [InlineData(11.2, true)]
    [InlineData(11.8, false)]
    public void Likely_and_unlikely_labels_have_the_same_loss_and_gradient_as_by_the_definition(double doubt,
        bool isLikely)
    {
        const int Steps = 60;
        int[] label = [.. Enumerable.Range(0, 40).Select(i => 1 + i % 3 / 2)];
        var random = new Random(1);
        double[][] probabilities = [.. Enumerable.Range(0, Steps).Select(_ => ReferenceLoss.Softmax(
            [doubt * random.NextDouble() + doubt, random.NextDouble(), random.NextDouble()]))];
        double expected = Math.Log(CtcReference.Probability(probabilities, label));
        var lattice = new CtcLattice();
        lattice.Begin([.. label.Select(token => (float)token)], Steps);
        for (int t = 0; t < Steps; t++)
        {
            lattice.SetOutputs(t, [.. probabilities[t].Select(p => (float)Math.Log(p))]);
            lattice.Normalize(t, 0);
        }
        Assert.Equal(expected, lattice.Forward(), 1e-3);
        Assert.Equal(isLikely, expected > -600);
        lattice.Backward();
        const double Change = 1e-4;
        for (int t = 0; t < Steps; t += 7)
            for (int output = 0; output < 3; output++)
            {
                double kept = probabilities[t][output];
                probabilities[t][output] = kept * Math.Exp(Change);
                double more = Math.Log(CtcReference.Probability(probabilities, label));
                probabilities[t][output] = kept;
                float[] row = [0, 0, 0];
                lattice.Discount(t, 1, row);
                Assert.Equal((more - expected) / Change, -row[output], 1e-3);
            }
    }

    // Values of the tests of warp-ctc, which has the blank behind the tokens.
    [Theory]
    [InlineData(3.34211, "1 2 3 2 1", """
        0.633766 0.221185 0.0917319 0.0129757 0.0142857 0.0260553
        0.111121 0.588392 0.278779 0.0055756 0.00569609 0.010436
        0.0357786 0.633813 0.321418 0.00249248 0.00272882 0.0037688
        0.0663296 0.643849 0.280111 0.00283995 0.0035545 0.00331533
        0.458235 0.396634 0.123377 0.00648837 0.00903441 0.00623107
        """)]
    [InlineData(5.42262, "1 2 2 1", """
        0.30176 0.28562 0.0831517 0.0862751 0.0816851 0.161508
        0.24082 0.397533 0.0557226 0.0546814 0.0557528 0.19549
        0.230246 0.450868 0.0389607 0.038309 0.0391602 0.202456
        0.280884 0.429522 0.0326593 0.0339046 0.0326856 0.190345
        0.423286 0.315517 0.0338439 0.0393744 0.0339315 0.154046
        """)]
    public void Losses_are_those_of_others(double loss, string label, string matrix)
    {
        double[][] probabilities =
            [.. matrix.Split('\n').Select(Numbers).Select(row => (double[])[row[^1], .. row[..^1]])];
        Assert.Equal(loss, -LogProbability(probabilities, [.. Numbers(label).Select(token => (float)token)]), 1e-5);
    }

    private static double[] Numbers(string line) =>
        [.. line.Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];

    private static double LogProbability(double[][] probabilities, float[] label)
    {
        var lattice = new CtcLattice();
        lattice.Begin(label, probabilities.Length);
        for (int t = 0; t < probabilities.Length; t++)
            lattice.SetProbabilities(t, [.. probabilities[t].Select(p => (float)p)]);
        return lattice.Forward();
    }

    private static double[][] Random(int steps, int outputs)
    {
        var random = new Random(steps);
        return [.. Enumerable.Range(0, steps).Select(_ =>
            ReferenceLoss.Softmax([.. Enumerable.Range(0, outputs).Select(_ => 4 * random.NextDouble())]))];
    }
}
