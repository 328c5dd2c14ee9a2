using Microsoft.ML;
using SequenceModels.Forecasting;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>Numbers that cannot be below or above some value, such as counts.</summary>
public class ForecastLimitsTests
{
    private static readonly ForecastOptions Free = Steps.Glance with { NumberOfEpochs = 5 },
        Limited = Free with { LowestValue = 0, HighestValue = 1 };

    private readonly MLContext _ml = new(1);

    private static TimeStep[] Counts =>
        [.. Enumerable.Range(0, 80).Select(i => new TimeStep { Time = i, Value = i % 3 == 0 ? i % 5 : 0 })];

    [Fact]
    public void Forecasts_and_bounds_beyond_a_limit_become_it_and_others_stay()
    {
        float[][][] free = Fit(Free).Forecasts(_ml.View(Counts)), limited = Fit(Limited).Forecasts(_ml.View(Counts));
        Assert.Contains(free[1], bounds => bounds.Any(value => value < 0));
        Assert.Contains(free[2], bounds => bounds.Any(value => value > 1));
        for (int column = 0; column < 3; column++)
            for (int row = 0; row < Counts.Length; row++)
                Assert.Equal(free[column][row].Select(value => float.IsNaN(value) ? value : Math.Clamp(value, 0, 1)),
                    limited[column][row]);
    }

    [Fact]
    public void An_engine_and_a_model_that_was_saved_keep_the_limits()
    {
        ForecastTransformer model = Fit(Limited);
        float[] lowest = model.Forecasts(_ml.View(Counts))[1][^1];
        Assert.Contains(0, lowest);
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        Assert.Equal(lowest, engine.Predict(engine.CreateState()).ForecastLowerBound);
        using var file = new MemoryStream();
        _ml.Model.Save(model, _ml.View(Counts).Schema, file);
        file.Position = 0;
        Assert.Equal(lowest, _ml.Model.Load(file, out _).Forecasts(_ml.View(Counts))[1][^1]);
    }

    [Fact]
    public void A_back_test_measures_forecasts_and_baselines_within_the_limits()
    {
        ForecastMetrics Of(ForecastOptions options, ForecastMethod method) => _ml.Sequences().Forecasting.BackTest(
            _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options), _ml.View(Counts), folds: 1,
            seasonLength: 1).Of(method, 1);
        Assert.True(Of(Limited, ForecastMethod.Model).IntervalWidth < Of(Free, ForecastMethod.Model).IntervalWidth);
        Assert.True(Of(Limited, ForecastMethod.LastValue).IntervalWidth < Of(Free, ForecastMethod.LastValue).IntervalWidth);
        Assert.InRange(Of(Limited, ForecastMethod.LastValue).IntervalWidth, 0, 1);
    }

    [Fact]
    public void Limits_that_leave_nothing_are_refused_and_values_beyond_them_are_told()
    {
        foreach ((float? lowest, float? highest, string name) in new (float?, float?, string)[]
            { (float.NaN, null, "LowestValue"), (null, float.PositiveInfinity, "HighestValue"),
                (2, 2, "above LowestValue, which is 2"), (2, 1, "HighestValue") })
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(() =>
                Fit(Free with { LowestValue = lowest, HighestValue = highest })).Message);
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.RawMessage);
        Fit(Limited);
        Assert.Contains(
            "Column 'Value' has 16 values below ForecastOptions.LowestValue or above HighestValue, where no forecast will be.",
            log);
    }

    [Fact]
    public void Where_a_logarithm_is_asked_of_zeros_the_limit_is_named() =>
        Assert.EndsWith("set ForecastOptions.LowestValue to 0.",
        Assert.Throws<InvalidOperationException>(() => Fit(Free with { Transform = ForecastTransform.Log })).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 2)]
    [InlineData(9, 3)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.NegativeInfinity, 0)]
    public void The_nearest_value_that_is_allowed_is_taken(float value, float limited)
    {
        Assert.Equal(limited, new ValueLimits(0, 3).Apply(value));
        Assert.Equal(value, ValueLimits.None.Apply(value));
    }

    private ForecastTransformer Fit(ForecastOptions options) =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options).Fit(_ml.View(Counts));
}
