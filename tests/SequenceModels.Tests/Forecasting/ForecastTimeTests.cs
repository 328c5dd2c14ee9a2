using Microsoft.ML;
using SequenceModels.Reports;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>What an engine makes of the times and the series of steps.</summary>
public class ForecastTimeTests
{
    private static readonly TimeStep[] s_steps = Steps.Wave(60);
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_step_that_is_not_after_the_last_one_is_refused_as_in_a_table_and_not_kept()
    {
        var model = Fit(Steps.Glance with { TimeColumnName = "Time", SeriesColumnName = "Series" });
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        engine.Observe(state, s_steps[50]);
        float[] before = engine.Predict(state).Forecast;
        string doubled = Assert.Throws<InvalidOperationException>(() => engine.Observe(state, s_steps[50])).Message;
        Assert.Equal(Assert.Throws<InvalidOperationException>(() =>
            model.Forecasts(_ml.View([.. s_steps[..51], s_steps[50]]))).Message, doubled);
        string past = Assert.Throws<InvalidOperationException>(() => engine.Observe(state, s_steps[3])).Message;
        Assert.Contains("'3' is before '50'", past);
        string missing = Assert.Throws<InvalidOperationException>(() =>
            engine.Observe(state, new TimeStep { Time = float.NaN, Value = 1 })).Message;
        Assert.Contains("Column 'Time': the time is missing", missing);
        Assert.Contains("Column 'Time', row 1 (counted from 0): the time is missing",
            Assert.Throws<InvalidOperationException>(() =>
                model.Forecasts(_ml.View([s_steps[0], new TimeStep { Time = float.NaN }]))).Message);
        Assert.Throws<InvalidOperationException>(() =>
            engine.Observe(state, new TimeStep { Time = 51, Value = float.PositiveInfinity }));
        Assert.Throws<InvalidOperationException>(() => engine.Observe(state, new TimeStep { Series = "new", Time = float.NaN }));
        Assert.Equal(before, engine.Predict(state).Forecast);
        Assert.Equal(["a"], state.Series);
        engine.Observe(state, Steps.Wave(1, "b")[0]); // each series has a time of its own
        engine.Observe(state, s_steps[51]);
        Assert.Equal(model.Forecasts(_ml.View(s_steps[..52]))[0][^1], engine.Predict(state, "a").Forecast);
    }

    [Fact]
    public void Of_future_steps_nothing_is_read_but_what_is_known_ahead()
    {
        var options = Steps.Glance with
        {
            FutureColumnNames = ["Price"],
            PastColumnNames = ["Other"],
            StaticColumnNames = ["Size"],
            TimeColumnName = "Time",
            Transform = ForecastTransform.Log
        };
        var model = _ml.Transforms.CustomMapping<Raw, Made>((from, to) => to.Target = from.Value < 0
            ? throw new TimeoutException("read") : from.Value, null)
            .Append(_ml.Forecasting.ForecastByGru("Forecast", ["Target"], 8, 2, options)).Fit(_ml.View(s_steps[..50]));
        var engine = model.CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        float[] expected = model.Forecasts(_ml.View(s_steps))[0][49];
        foreach (float value in new[] { float.NaN, 0, -3, float.PositiveInfinity, 7 })
            Assert.Equal(expected,
                engine.Predict(state,
                    [.. s_steps[50..52]
                        .Select(step => new TimeStep { Time = step.Time, Price = step.Price, Value = value, Other = value,
                            Size = value })]).Forecast);
        Assert.Equal("read",
            Assert.Throws<TimeoutException>(() => engine.Observe(state, new TimeStep { Time = 50, Value = -3 })).Message);
        Assert.Contains("Column 'Price', row 1", Assert.Throws<InvalidOperationException>(
            () => engine.Predict(state, [s_steps[50], new TimeStep { Time = 51, Price = float.PositiveInfinity }])).Message);
        Assert.All(engine.Predict(state, [s_steps[50], new TimeStep { Time = 51, Price = float.NaN }]).Forecast, value =>
            Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void Future_steps_are_taken_in_the_order_of_time()
    {
        var engine = Fit(Steps.Glance with { FutureColumnNames = ["Price"], TimeColumnName = "Time" })
            .CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        float[] expected = engine.Predict(state, s_steps[50..52]).Forecast;
        Assert.Equal(expected, engine.Predict(state, s_steps[50..57].Reverse()).Forecast);
        Assert.Equal(expected, engine.Predict(state, [s_steps[51], s_steps[53], s_steps[50]]).Forecast);
        Refused("'50' stands in two rows", s_steps[50], s_steps[51], s_steps[50]);
        Refused("'3' is before '49', the last step that was observed. Steps to be forecast come after it",
            s_steps[50], s_steps[3]);
        Refused("'49' stands in two rows", s_steps[50], s_steps[49]);
        Refused("Column 'Time', row 1 (counted from 0): the time is missing", s_steps[50], new TimeStep { Time = float.NaN });
        Assert.Equal(expected, engine.Predict(state, s_steps[50..52]).Forecast);

        var untimed = Fit(Steps.Glance with { FutureColumnNames = ["Price"] }).CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState untimedState = untimed.CreateState();
        Assert.NotEqual(untimed.Predict(untimedState, s_steps[50..52]).Forecast,
            untimed.Predict(untimedState, [s_steps[51], s_steps[50]]).Forecast);

        void Refused(string message, params TimeStep[] future) =>
            Assert.Contains(message, Assert.Throws<InvalidOperationException>(() => engine.Predict(state, future)).Message);
    }

    [Fact]
    public void Dates_and_texts_are_times_too()
    {
        Dated[] steps = [.. Enumerable.Range(0, 40).Select(Dated.Of)];
        IDataView view = _ml.Data.LoadFromEnumerable(steps);
        foreach (string column in new[] { "Day", "Text" })
        {
            var engine = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance with { TimeColumnName = column })
                .Fit(view).CreateForecastEngine<Dated, Outlook>(_ml);
            ForecastEngineState state = engine.CreateState();
            engine.Observe(state, Dated.Of(41));
            Assert.Contains("'2024-01-04' is before '2024-02-11'",
                Assert.Throws<InvalidOperationException>(() => engine.Observe(state, Dated.Of(3))).Message);
            Assert.Contains("'2024-02-11' stands in two rows",
                Assert.Throws<InvalidOperationException>(() => engine.Observe(state, Dated.Of(41))).Message);
            engine.Observe(state, Dated.Of(42));
        }
        var texts = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance with { TimeColumnName = "Text" })
            .Fit(view).CreateForecastEngine<Dated, Outlook>(_ml);
        ForecastEngineState textsState = texts.CreateState();
        Assert.Contains("the time is missing",
            Assert.Throws<InvalidOperationException>(() => texts.Observe(textsState, new Dated())).Message);
    }

    [Theory]
    [InlineData("Text")]
    [InlineData("Whole")]
    [InlineData("Number")]
    [InlineData("Day")]
    [InlineData("IsNew")]
    public void Series_of_any_type_but_keys_may_be_new(string column)
    {
        Named[] old = [.. Enumerable.Range(0, 40).Select(t => Named.Of(t, isNew: false))],
            steps = [.. Enumerable.Range(0, 20).Select(t => Named.Of(t, isNew: true))];
        var model = _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance with { SeriesColumnName = column })
            .Fit(_ml.Data.LoadFromEnumerable(old));
        var engine = model.CreateForecastEngine<Named, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        foreach (Named step in steps)
            engine.Observe(state, step);
        string[] series = [.. state.Series];
        Assert.Equal(2, series.Length);
        float[] expected = model.Forecasts(_ml.Data.LoadFromEnumerable(steps))[0][^1];
        Assert.NotEqual(float.NaN, expected[0]);
        Assert.Equal(expected, engine.Predict(state, series[1]).Forecast);
        Assert.Equal(expected, engine.Predict(state, [steps[0], steps[1]]).Forecast);
    }

    [Fact]
    public void A_key_that_is_missing_or_new_is_said_to_be_either()
    {
        IEstimator<ITransformer> Pipeline(string name) => _ml.Transforms.Conversion.MapValueToKey("Key", name)
            .Append(_ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, Steps.Glance with { SeriesColumnName = "Key" }));
        Named[] rows = [.. Enumerable.Range(0, 40).Select(t => Named.Of(t, isNew: false))];
        Named unknown = Named.Of(0, isNew: true);
        ITransformer model = Pipeline("Text").Fit(_ml.Data.LoadFromEnumerable(rows));
        var engine = model.CreateForecastEngine<Named, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        Assert.Equal(["old"], state.Series);
        string message = Assert.Throws<InvalidOperationException>(() => engine.Observe(state, unknown)).Message;
        Assert.Contains(
            "Column 'Key': the key is 0: its value is missing, or none of the 1 that the keys were made of, and the row " +
            "belongs to no series", message);
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => engine.Predict(state, [unknown, unknown])).Message);
        Assert.Equal(message.Replace("'Key'", "'Key', row 1 (counted from 0)", StringComparison.Ordinal),
            Assert.Throws<InvalidOperationException>(() =>
                model.Forecasts(_ml.Data.LoadFromEnumerable([rows[0], unknown]))).Message);
        // Two keys of one text are one series, as two texts would be; a number that is missing names none.
        Assert.Contains("the number is missing (NaN)",
            Assert.Throws<InvalidOperationException>(() => _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2,
            Steps.Glance with { SeriesColumnName = "Number" }).Fit(
                _ml.Data.LoadFromEnumerable([new Named { Number = float.NaN }]))).Message);
    }

    private ForecastTransformer Fit(ForecastOptions options) =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options).Fit(_ml.View(s_steps[..50]));

    public sealed class Raw
    {
        public float Value { get; set; }
    }

    public sealed class Made
    {
        public float Target { get; set; }
    }

    public sealed class Dated
    {
        public DateTime Day { get; set; }

        public string Text { get; set; } = "";

        public float Value { get; set; }

        public static Dated Of(int t) =>
            new()
            {
                Day = new DateTime(2024, 1, 1).AddDays(t), Text = $"{new DateTime(2024, 1, 1).AddDays(t):yyyy-MM-dd}",
                Value = t % 7
            };
    }

    public sealed class Named
    {
        public string Text { get; set; } = "old";

        public int Whole { get; set; }

        public float Number { get; set; }

        public DateTime Day { get; set; }

        public bool IsNew { get; set; }

        public float Value { get; set; }

        public static Named Of(int t, bool isNew) => new()
        {
            Text = isNew ? "new" : "old", Whole = isNew ? -5 : 3, Number = isNew ? 0.25f
                : -7, Day = new DateTime(2024, 1, 1).AddTicks(isNew ? 1 : 0), IsNew = isNew, Value = t % 6,
        };
    }
}
