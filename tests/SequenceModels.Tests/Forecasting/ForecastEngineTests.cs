using Microsoft.ML;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

public class ForecastEngineTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void An_engine_forecasts_what_Transform_does_from_the_end_of_training_on()
    {
        TimeStep[] steps = Steps.Wave(80);
        var model = Pipeline(Steps.Glance).Fit(_ml.View(steps[..50]));
        float[][][] expected = model.Forecasts(_ml.View(steps));
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        for (int t = 49; t < 60; t++)
        {
            if (t > 49)
                engine.Observe(state, steps[t]);
            Outlook outlook = engine.Predict(state);
            Assert.Equal(expected[0][t], outlook.Forecast);
            Assert.Equal(expected[1][t], outlook.ForecastLowerBound);
            Assert.Equal(expected[2][t], outlook.ForecastUpperBound);
        }
    }

    [Fact]
    public void Predict_changes_nothing_and_Observe_does()
    {
        TimeStep[] steps = Steps.Wave(60);
        var engine = Pipeline(Steps.Glance).Fit(_ml.View(steps)).CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        float[] first = engine.Predict(state).Forecast;
        Assert.Equal(first, engine.Predict(state).Forecast);
        engine.Observe(state, new TimeStep { Value = 3 });
        Assert.NotEqual(first, engine.Predict(state).Forecast);
    }

    [Fact]
    public void A_state_can_be_copied_saved_and_loaded()
    {
        TimeStep[] steps = Steps.Wave(60);
        ITransformer model = Pipeline(Steps.Glance).Fit(_ml.View(steps));
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        engine.Observe(state, new TimeStep { Value = 3 });
        float[] expected = engine.Predict(state).Forecast;
        ForecastEngineState copy = state.Copy();
        using var file = new MemoryStream();
        state.Save(file);
        engine.Observe(state, new TimeStep { Value = 30 });
        Assert.NotEqual(expected, engine.Predict(state).Forecast);
        Assert.Equal(expected, engine.Predict(copy).Forecast);

        var other = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        Assert.Equal(expected, other.Predict(copy).Forecast); // of another engine of the same columns
        file.Position = 0;
        Assert.Equal(expected, other.Predict(other.LoadState(file)).Forecast);
        Assert.Empty(engine.CreateEmptyState().Series);
    }

    [Fact]
    public void A_state_of_other_columns_is_refused()
    {
        IDataView rows = _ml.View(Steps.Wave(60));
        var engine = Pipeline(Steps.Glance).Fit(rows).CreateForecastEngine<TimeStep, Outlook>(_ml);
        var stranger = Pipeline(Steps.Glance with { PastColumnNames = ["Price"] }).Fit(rows)
            .CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = stranger.CreateState();
        Assert.Contains("another engine", Assert.Throws<ArgumentException>(() => engine.Predict(state)).Message);
        Assert.Contains("CreateState", Assert.Throws<ArgumentException>(() => engine.Observe(state, new TimeStep())).Message);
    }

    [Fact]
    public void Threads_share_an_engine()
    {
        TimeStep[] steps = Steps.Wave(120);
        var engine = Pipeline(Steps.Glance).Fit(_ml.View(steps[..60])).CreateForecastEngine<TimeStep, Outlook>(_ml);
        float[][] Forecasts()
        {
            ForecastEngineState state = engine.CreateState();
            return [.. steps[60..].Select(step =>
            {
                engine.Observe(state, step);
                return engine.Predict(state).Forecast;
            })];
        }
        float[][] expected = Forecasts();
        Parallel.For(0, 4, _ => Assert.Equal(expected, Forecasts()));
    }

    [Fact]
    public void Names_of_series_come_back_whatever_they_are()
    {
        string[] names = ["\ud800", "\ud801", "\ufffd"];
        ITransformer model = Pipeline(Steps.Glance with { SeriesColumnName = "Series" })
            .Fit(_ml.View([.. names.SelectMany((name, i) => Steps.Wave(40, name, level: 100 * i))]));
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        using var file = new MemoryStream();
        state.Save(file);
        file.Position = 0;
        ForecastEngineState loaded = engine.LoadState(file);
        Assert.Equal(names.Order(StringComparer.Ordinal), loaded.Series.Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(engine.Predict(state, name).Forecast, engine.Predict(loaded, name).Forecast));
    }

    [Fact]
    public void Series_are_kept_apart_and_new_ones_begin()
    {
        TimeStep[] a = Steps.Wave(50, "a"), b = Steps.Wave(50, "b", level: 300), c = Steps.Wave(20, "c", level: 7);
        var model = Pipeline(Steps.Glance with { SeriesColumnName = "Series" }).Fit(_ml.View([.. a, .. b]));
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        Assert.Equal(["a", "b"], state.Series);
        Assert.Equal(model.Forecasts(_ml.View(b))[0][^1], engine.Predict(state, "b").Forecast);
        Assert.Contains("2 series", Assert.Throws<ArgumentException>(() => engine.Predict(state)).Message);
        Assert.Contains("'c'", Assert.Throws<ArgumentException>(() => engine.Predict(state, "c")).Message);
        // A series without steps has one answer, whichever way it is asked for.
        Assert.Equal(Assert.Throws<ArgumentException>(() => engine.Predict(state, "c")).Message,
            Assert.Throws<ArgumentException>(() => engine.Predict(state, c[..2])).Message);
        float[] before = engine.Predict(state, "a").Forecast;
        foreach (TimeStep step in c)
            engine.Observe(state, step);
        Assert.Equal(model.Forecasts(_ml.View(c))[0][^1], engine.Predict(state, "c").Forecast);
        Assert.Equal(before, engine.Predict(state, "a").Forecast);
        state = engine.CreateEmptyState();
        engine.Observe(state, a[0]);
        Assert.All(engine.Predict(state, "a").Forecast, value => Assert.Equal(float.NaN, value)); // fewer steps than a window
    }

    [Fact]
    public void What_is_known_ahead_is_given_to_Predict()
    {
        TimeStep[] steps = Steps.Wave(60);
        var model = Pipeline(Steps.Glance with { FutureColumnNames = ["Price"] }).Fit(_ml.View(steps[..50]));
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        Assert.Contains("'Price'", Assert.Throws<InvalidOperationException>(() => engine.Predict(state)).Message);
        float[] forecast = engine.Predict(state, steps[50..52]).Forecast;
        Assert.Equal(model.Forecasts(_ml.View(steps))[0][49], forecast);
        Assert.NotEqual(forecast, engine.Predict(state, [new TimeStep { Price = 9 }, new TimeStep { Price = 9 }]).Forecast);
        Assert.Contains("horizon is 2", Assert.Throws<ArgumentException>(() => engine.Predict(state, [steps[50]])).Message);
    }

    [Fact]
    public void A_saved_pipeline_has_its_engine_and_the_same_bits()
    {
        TimeStep[] steps = Steps.Wave(60);
        // The target and the covariates come out of ML.NET's own transforms.
        var model = _ml.Transforms.Expression("Target", "x => x * 2", "Value")
            .Append(_ml.Transforms.NormalizeMeanVariance("Scaled", "Weather"))
            .Append(_ml.Transforms.Categorical.OneHotEncoding("Group", "Series"))
            .Append(_ml.Forecasting.ForecastByLstm("Forecast", ["Target"], 8, 2,
                Steps.Glance with { PastColumnNames = ["Scaled"], StaticColumnNames = ["Group"] }))
            .Append(_ml.Transforms.CopyColumns("Again", "Forecast"))
            .Fit(_ml.View(steps[..50]));
        float[][][] expected = model.Forecasts(_ml.View(steps));
        using var file = new MemoryStream();
        _ml.Model.Save(model, _ml.View(steps).Schema, file);
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(expected[0], loaded.Forecasts(_ml.View(steps))[0]);
        Assert.Equal(expected[2], loaded.Forecasts(_ml.View(steps))[2]);
        var engine = loaded.CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        engine.Observe(state, steps[50]);
        Assert.Equal(expected[0][50], engine.Predict(state).Forecast);
    }

    [Fact]
    public void Only_a_forecast_has_an_engine()
    {
        ITransformer other = _ml.Transforms.CopyColumns("X", "Value").Fit(_ml.View(Steps.Wave(5)));
        Assert.Contains("ForecastByLstm",
            Assert.Throws<ArgumentException>(() => other.CreateForecastEngine<TimeStep, Outlook>(_ml)).Message);
        var model = Pipeline(Steps.Glance).Fit(_ml.View(Steps.Wave(40)));
        Assert.False(model.IsRowToRowMapper);
        Assert.Contains("CreateForecastEngine",
            Assert.Throws<NotSupportedException>(() => model.GetRowToRowMapper(_ml.View([]).Schema)).Message);
    }

    [Fact]
    public void Observe_and_Predict_take_no_memory_once_they_are_warm()
    {
        TimeStep[] steps = [.. Enumerable.Range(0, 300).Select(t => new TimeStep { Time = t, Value = t % 9, Price = t % 4 })],
            ahead = [steps[^1], steps[^2]];
        var options = Steps.Glance with { TimeColumnName = "Time", SeriesColumnName = "Series", PastColumnNames = ["Weather"] };
        var engine = Pipeline(options).Fit(_ml.View(steps[..40])).CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        var informed = Pipeline(options with { FutureColumnNames = ["Price"] }).Fit(_ml.View(steps[..40]))
            .CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState informedState = informed.CreateState();
        var outlook = new Outlook();
        void Go(int from, int to)
        {
            for (int t = from; t < to; t++)
            {
                engine.Observe(state, steps[t]);
                engine.Predict(state, ref outlook);
                informed.Observe(informedState, steps[t]);
                informed.Predict(informedState, ahead, ref outlook);
            }
        }
        Go(40, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Go(100, 250);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.NotEqual(float.NaN, outlook.Forecast[0]);
    }

    private ForecastTrainer Pipeline(ForecastOptions options) =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options);
}
