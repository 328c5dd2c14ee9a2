using SequenceModels.Forecasting;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>From a network's outputs to values in the target's unit.</summary>
public class ForecastOutputsTests
{
    private static ForecastSpec Spec(ForecastTransform transform) => new()
    {
        WindowSize = 2, Horizon = 1, Targets = 1, Past = 0, Future = 0, Static = 0, Scaling = ForecastScaling.Standard,
        Transform = transform, Loss = ForecastLoss.Quantile, From = ForecastFrom.Nothing, Season = 1, SeasonalInputs = false,
        DifferenceInputs = false, ChannelIndependent = false, LinearPath = true, MarksGaps = false, ConfidenceLevel = 0.9f,
        Limits = new ValueLimits(null, null),
    };

    [Fact]
    public void A_forecast_lies_between_its_bounds_in_the_unit_of_the_target()
    {
        Assert.Equal((14f, 12f, 16f), Decoded(ForecastTransform.None, scale: 2, [1, 2, 3]));
        Assert.Equal((14f, 14f, 16f), Decoded(ForecastTransform.None, scale: 2, [2.5f, 2, 3]));
    }

    [Theory]
    [InlineData(ForecastTransform.None, 1e38)]
    [InlineData(ForecastTransform.Log, 1)]
    public void A_value_that_is_larger_than_any_number_is_an_error(ForecastTransform transform, double scale) =>
        Assert.Throws<ArithmeticException>(() => Decoded(transform, scale, [0, 1000, 2000]));

    private static (float Point, float Lower, float Upper) Decoded(ForecastTransform transform, double scale, float[] outputs)
    {
        float[] points = new float[1], lowers = new float[1], uppers = new float[1];
        var decoder = new ForecastOutputs(Spec(transform), widening: [0]);
        decoder.Decode([new LabelScale(10, scale)], outputs, points, lowers, uppers);
        return (points[0], lowers[0], uppers[0]);
    }
}
