using SequenceModels.Reports;
using Xunit;

namespace SequenceModels.Tests.Reports;

public class SpectralRadiusTests
{
    [Fact]
    public void A_turn_by_any_angle_has_the_radius_of_its_stretch()
    {
        foreach (double angle in new[] { 0.1, 1, Math.PI / 2, 3 })
            Assert.Equal(0.7,
                SpectralRadius.Of([0.7 * Math.Cos(angle), -0.7 * Math.Sin(angle), 0.7 * Math.Sin(angle), 0.7 * Math.Cos(angle)],
                    2), 1e-3);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void A_diagonal_has_that_of_its_largest_element(int size)
    {
        double[] matrix = new double[size * size];
        for (int i = 0; i < size; i++)
            matrix[i * size + i] = i == 1 ? -1.5 : 0.9;
        Assert.Equal(1.5, SpectralRadius.Of(matrix, size), size > 256 ? 0.015 : 1e-3);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(300)]
    public void A_shift_that_ends_in_nothing_has_none(int size)
    {
        double[] matrix = new double[size * size];
        for (int i = 0; i + 1 < size; i++)
            matrix[i * size + i + 1] = 3;
        Assert.Equal(0, SpectralRadius.Of(matrix, size));
    }

    [Fact]
    public void Large_elements_beside_the_diagonal_do_not_count() =>
        Assert.Equal(0.5, SpectralRadius.Of([0.5, 1e6, 0, 0.5], 2), 1e-3);

    [Theory]
    [InlineData(64)]
    [InlineData(320)]
    public void Pairs_of_turns_have_the_largest_stretch(int size)
    {
        double[] matrix = new double[size * size];
        for (int i = 0; i < size; i += 2)
        {
            double stretch = i == 6 ? 1.25 : 0.8;
            (matrix[i * size + i], matrix[(i + 1) * size + i + 1]) = (stretch * Math.Cos(2), stretch * Math.Cos(2));
            (matrix[i * size + i + 1], matrix[(i + 1) * size + i]) = (-stretch * Math.Sin(2), stretch * Math.Sin(2));
        }
        Assert.Equal(1.25, SpectralRadius.Of(matrix, size), size > 256 ? 0.02 : 1e-3);
    }

    [Fact]
    public void A_memory_that_keeps_half_halves_in_one_step()
    {
        Assert.Equal(1, HalfLife.Of(0.5), 1e-12);
        Assert.Equal(2, HalfLife.Of(Math.Sqrt(0.5)), 1e-12);
        Assert.Equal(0, HalfLife.Of(0));
        Assert.Equal(double.PositiveInfinity, HalfLife.Of(1));
        double[] quantiles = HalfLife.Quantiles([0.25, 1, 0.5]);
        Assert.Equal((0.5, 1, double.PositiveInfinity),
            (Math.Round(quantiles[0], 9), Math.Round(quantiles[50], 9), quantiles[100]));
        Assert.Equal(101, quantiles.Length);
    }
}
