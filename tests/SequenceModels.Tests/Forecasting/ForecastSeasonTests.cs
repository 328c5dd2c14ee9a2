using Microsoft.ML;
using SequenceModels.Forecasting;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>Forecasts of series that repeat themselves.</summary>
public class ForecastSeasonTests
{
    private readonly MLContext _ml = new(1);

    /// <summary>Also further ahead than a season, and of windows that are shorter.</summary>
    [Theory]
    [InlineData(4, 3)]
    [InlineData(4, 11)]
    [InlineData(9, 11)]
    public void Where_each_season_is_like_the_last_nothing_is_left_to_learn(int windowSize, int horizon)
    {
        TimeStep[] steps = [.. Enumerable.Range(0, 60).Select(t => new TimeStep { Value = t % 5 * t % 5 })];
        ForecastOptions options = Steps.Glance with { ForecastFrom = ForecastFrom.SeasonAgo, SeasonLength = 5 };
        AssertNothingToLearn(Fit(steps, windowSize, horizon, options), steps, horizon);
        AssertNothingToLearn(Fit(steps, windowSize, horizon, options with { Transform = ForecastTransform.Difference }), steps,
            horizon);
    }

    /// <summary>The mean of the seasonal differences of the window goes on, or the last of them.</summary>
    [Theory]
    [InlineData(ForecastTransform.SeasonalDifference, ForecastFrom.Nothing)]
    [InlineData(ForecastTransform.SeasonalDifference, ForecastFrom.LastValue)]
    [InlineData(ForecastTransform.LogSeasonalDifference, ForecastFrom.SeasonAgo)]
    public void A_season_that_grows_goes_on(ForecastTransform transform, ForecastFrom from)
    {
        bool isLog = transform == ForecastTransform.LogSeasonalDifference;
        TimeStep[] steps = [.. Enumerable.Range(0, 60).Select(t => new TimeStep
        {
            Value = isLog ? (1 + t % 5) * MathF.Pow(1.1f, t) : t % 5 + 2 * t,
        })];
        AssertNothingToLearn(Fit(steps, 4, 11, Steps.Glance with
        {
            Transform = transform,
            ForecastFrom = from,
            SeasonLength = 5,
        }), steps, 11);
    }

    [Fact]
    public void A_season_is_found_where_none_is_given()
    {
        TimeStep[] steps = Seasonal(120);
        ForecastOptions options = Steps.Glance with { ForecastFrom = ForecastFrom.SeasonAgo };
        ForecastTransformer found = Fit(steps, 8, 2, options);
        Assert.Equal(12, found.ForecastModel.Spec.Season);
        Assert.Equal(Fit(steps, 8, 2, options with { SeasonLength = 12 }).Forecasts(_ml.View(steps))[0],
            found.Forecasts(_ml.View(steps))[0]);
        // What goes on from a model keeps its season.
        ForecastTransformer more = Trainer(8, 2, options).Fit(_ml.View(steps[..40]), null, found.Model);
        Assert.Equal(12, more.ForecastModel.Spec.Season);
        Assert.Contains("SeasonLength is 12 there, and 7 here", Assert.Throws<ArgumentException>(() =>
            Trainer(8, 2, options with { SeasonLength = 7 }).Fit(_ml.View(steps), null, found.Model)).Message);
    }

    [Fact]
    public void Without_a_season_the_last_value_stands_for_it_and_the_log_says_so()
    {
        var lines = new List<string>();
        _ml.Log += (_, e) => lines.Add(e.Message);
        TimeStep[] steps = [.. Enumerable.Range(0, 40).Select(t => new TimeStep { Value = t })];
        ForecastTransformer model = Fit(steps, 4, 2, Steps.Glance with { ForecastFrom = ForecastFrom.SeasonAgo });
        Assert.Equal(1, model.ForecastModel.Spec.Season);
        Assert.Contains(lines, line => line.Contains("No season was found in column 'Value'", StringComparison.Ordinal));
    }

    /// <summary>A season is longer than the window: nothing else can tell what comes.</summary>
    [Fact]
    public void Values_of_a_season_before_are_read()
    {
        var random = new Random(1);
        float[] season = [.. Enumerable.Range(0, 23).Select(_ => 10 * random.NextSingle())];
        TimeStep[] steps = [.. Enumerable.Range(0, 300).Select(t => new TimeStep { Value = season[t % 23] })];
        ForecastOptions options = Steps.Learned with
        {
            Loss = ForecastLoss.SquaredError,
            Scaling = ForecastScaling.None,
            SeasonLength = 23,
            NumberOfEpochs = 15,
            HiddenSize = 4,
        };
        double Error(bool inputs) => Steps.Rmse(Fit(steps, 1, 3, options with { SeasonalInputs = inputs })
            .Forecasts(_ml.View(steps))[0], steps, 3);
        Assert.InRange(Error(inputs: true), 0, Error(inputs: false) / 4);
    }

    /// <summary>The next value is the last change of a number that wanders ten times as far.</summary>
    [Fact]
    public void Changes_of_past_covariates_are_read()
    {
        var random = new Random(1);
        float[] changes = [.. Enumerable.Range(0, 400).Select(_ => 2 * random.NextSingle() - 1)];
        TimeStep[] steps = [.. Enumerable.Range(1, 399).Select(t => new TimeStep
        {
            Value = changes[t - 1], Weather = [changes[..(t + 1)].Sum(), 0],
        })];
        ForecastOptions options = Steps.Learned with
        {
            Loss = ForecastLoss.SquaredError,
            Scaling = ForecastScaling.None,
            PastColumnNames = ["Weather"],
            NumberOfEpochs = 15,
            HiddenSize = 8,
        };
        double Error(bool inputs) => Steps.Rmse(Fit(steps, 3, 1, options with { DifferenceInputs = inputs })
            .Forecasts(_ml.View(steps))[0], steps, 1);
        Assert.InRange(Error(inputs: true), 0, Error(inputs: false) / 2);
    }

    [Fact]
    public void An_engine_forecasts_what_Transform_does()
    {
        TimeStep[] steps = Dated(Seasonal(90));
        foreach (ForecastOptions options in new[]
        {
            Steps.Glance with { ForecastFrom = ForecastFrom.SeasonAgo },
            Steps.Glance with { SeasonalInputs = true, PastColumnNames = ["Weather"] },
            Steps.Glance with { DifferenceInputs = true, PastColumnNames = ["Weather"] },
            Steps.Glance with { TimeColumnName = "Date", CalendarFeatures = CalendarFeatures.DayOfWeek |
                CalendarFeatures.DayOfYear, StaticColumnNames = ["Size"] },
        })
        {
            ForecastTransformer model = Fit(steps[..60], 8, 2, options);
            float[][][] expected = model.Forecasts(_ml.View(steps));
            Assert.Equal(expected, Reload(model).Forecasts(_ml.View(steps)));
            var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
            ForecastEngineState state = engine.CreateState();
            for (int t = 60; t < 80; t++)
            {
                engine.Observe(state, steps[t]);
                Assert.Equal(expected[0][t], engine.Predict(state).Forecast);
            }
        }
    }

    [Fact]
    public void The_calendar_tells_what_no_window_does()
    {
        TimeStep[] steps = Dated(Steps.Wave(200, noise: 0));
        foreach (TimeStep step in steps)
            step.Value = step.Date.DayOfWeek == DayOfWeek.Sunday ? 5 : 1;
        ForecastOptions options = Steps.Learned with
        {
            Loss = ForecastLoss.SquaredError,
            TimeColumnName = "Date",
            Scaling = ForecastScaling.None,
            NumberOfEpochs = 20,
        };
        double Error(CalendarFeatures calendar) => Steps.Rmse(Fit(steps, 1, 2, options with { CalendarFeatures = calendar })
            .Forecasts(_ml.View(steps))[0], steps, 2);
        Assert.InRange(Error(CalendarFeatures.DayOfWeek), 0, Error(CalendarFeatures.None) / 3);
        Assert.Contains("a DateTime or a DateTimeOffset", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(steps, 1, 2,
            options with { TimeColumnName = "Time", CalendarFeatures = CalendarFeatures.DayOfWeek })).Message);
        Assert.Contains("TimeColumnName", Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(1, 2,
            options with { TimeColumnName = null, CalendarFeatures = CalendarFeatures.DayOfWeek })).Message);
    }

    /// <summary>By itself a target sees nothing of the others.</summary>
    [Fact]
    public void Targets_are_forecast_from_their_own_past_or_from_that_of_all()
    {
        TimeStep[] steps = Steps.Wave(60), others = Steps.Wave(60);
        foreach (TimeStep step in others)
            step.Other += 0.3f * step.Time % 2;
        foreach (bool alone in new[] { true, false })
        {
            ForecastTransformer model = _ml.Forecasting.ForecastByGru("Forecast", ["Value", "Other"], 8, 3,
                Steps.Glance with { ChannelIndependent = alone }).Fit(_ml.View(steps));
            float[][] own = model.Forecasts(_ml.View(steps))[0], changed = model.Forecasts(_ml.View(others))[0];
            for (int h = 0; h < 3; h++)
            {
                Assert.Equal(alone, own[50][2 * h] == changed[50][2 * h]);
                Assert.NotEqual(own[50][2 * h + 1], changed[50][2 * h + 1]);
            }
        }
    }

    [Fact]
    public void Windows_are_taken_a_stride_apart_from_the_last_one_on()
    {
        ForecastSpec spec = Fit(Steps.Wave(40), 8, 2, Steps.Glance).ForecastModel.Spec;
        var table = new SeriesSteps([.. Enumerable.Range(0, 30).Select(t => (float)t)], 1, [.. Enumerable.Range(0, 30)]);
        Assert.Equal([7, 12, 17, 22, 27],
            new ForecastWindows([table], spec, 0, stride: 5).Training.Select(place => place.Origin));
        var split = new ForecastWindows([table], spec, 0.2, stride: 5);
        Assert.Equal([24, 25, 26, 27], split.Validation.Select(place => place.Origin));
        Assert.Equal([7, 12, 17, 22], split.Training.Select(place => place.Origin));
        Assert.Equal(21, new ForecastWindows([table], spec, 0).Training.Count);
    }

    private static void AssertNothingToLearn(ForecastTransformer model, TimeStep[] steps, int horizon)
    {
        WindowEncoder encoder = model.ForecastModel.CreateEncoder();
        var series = new SeriesSteps([.. steps.Select(step => step.Value)], 1, [.. Enumerable.Range(0, steps.Length)]);
        float[] labels = new float[horizon];
        for (int origin = 20; origin < 40; origin++)
        {
            Assert.True(encoder.TryEncode(series, origin));
            encoder.Labels(series, origin, labels);
            Assert.All(labels, label => Assert.Equal(0, label, 1e-2f));
        }
    }

    private static TimeStep[] Seasonal(int count)
    {
        TimeStep[] steps = Steps.Wave(count, noise: 0);
        foreach (TimeStep step in steps)
            step.Value = (float)(10 + 3 * Math.Sin(step.Time * Math.Tau / 12) + 0.01 * step.Time);
        return steps;
    }

    private static TimeStep[] Dated(TimeStep[] steps)
    {
        for (int t = 0; t < steps.Length; t++)
            steps[t].Date = new DateTime(2026, 1, 1).AddDays(t);
        return steps;
    }

    private ForecastTrainer Trainer(int windowSize, int horizon, ForecastOptions options) =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Value"], windowSize, horizon, options);

    private ForecastTransformer Fit(TimeStep[] steps, int windowSize, int horizon, ForecastOptions options) =>
        Trainer(windowSize, horizon, options).Fit(_ml.View(steps));

    private ITransformer Reload(ITransformer model)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, null, file);
        file.Position = 0;
        return _ml.Model.Load(file, out _);
    }
}
