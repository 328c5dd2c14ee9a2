using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>An engine gives what Transform gives in the last row, whatever stands around the forecast.</summary>
public class ForecastChainTests
{
    private readonly MLContext _ml = new(1);
    private readonly Day[] _days = [.. Enumerable.Range(0, 34).Select(Day.Of)];

    [Fact]
    public void Columns_of_the_last_step_are_those_of_the_last_row()
    {
        var around = _ml.Transforms.Conversion.MapValueToKey("Key", "Shop")
            .Append(_ml.Transforms.Categorical.OneHotEncoding("Hot", "Mood"))
            .Append(_ml.Transforms.Conversion.ConvertType("Sold", "Count"))
            .Append(Forecast(Steps.Glance with { TimeColumnName = "Date", SeriesColumnName = "Key", StaticColumnNames = ["Hot"] })
                .Append(_ml.Transforms.CopyColumns("LastDate", "Date"))
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Of", "Key")))
            .Append(_ml.Transforms.Concatenate("All", "Forecast", "Vector", "ForecastUpperBound"))
            .Append(_ml.Transforms.CustomMapping<Mapping, Mapped>((from, to) => to.Longest = $"{from.Of} {from.Note}", null));
        SameAsTransform<Everything>(around.Fit(View(_days[..30])), "x");
    }

    [Fact]
    public void Values_of_every_type_are_kept_and_saved()
    {
        var model = _ml.Transforms.Conversion.ConvertType("Sold", "Count").Append(Forecast(Steps.Glance)).Fit(View(_days[..30]));
        using var file = new MemoryStream();
        _ml.Model.Save(model, null, file);
        SameAsTransform<Plain>(_ml.Model.Load(file, out _), null);
    }

    [Fact]
    public void The_last_step_of_training_is_the_last_observed_one_in_time()
    {
        Day first = new() { Date = _days[0].Date.AddDays(-1), Count = 3, Note = "first" },
            future = new() { Date = _days[^1].Date.AddDays(1) };
        Day[] rows = [.. _days.Reverse(), future, first];
        var gap = _ml.Transforms.CustomMapping<Counted, Known>((from, to) => to.Sold = from.Count == 0 ? float.NaN
            : from.Count, null);
        var engine = gap.Append(Forecast(Steps.Glance with { TimeColumnName = "Date" })).Fit(View(rows))
            .CreateForecastEngine<Day, Plain>(_ml);
        ForecastEngineState state = engine.CreateState();
        Assert.Equal((_days[^1].Date, _days[^1].Note), (engine.Predict(state).Date, engine.Predict(state).Note));
        engine.Observe(state, future); // was a row of the future in training, without a value
        Assert.Equal(future.Date, engine.Predict(state).Date);
    }

    [Fact]
    public void Columns_may_be_named_by_schema_definitions()
    {
        var input = SchemaDefinition.Create(typeof(Day));
        input["Count"].ColumnName = "Sold";
        var output = SchemaDefinition.Create(typeof(Renamed), SchemaDefinition.Direction.Write);
        output["What"].ColumnName = "Date";
        IDataView view = _ml.Data.LoadFromEnumerable(_days, input);
        var model = _ml.Transforms.Conversion.ConvertType("Sold").Append(Forecast(Steps.Glance)).Fit(view);
        var engine = model.CreateForecastEngine<Day, Renamed>(_ml, ignoreMissingColumns: true, input, output);
        ForecastEngineState state = engine.CreateState();
        Assert.Equal((_days[^1].Date, "as it was"), (engine.Predict(state).What, engine.Predict(state).Unknown));
    }

    [Fact]
    public void What_cannot_be_bound_is_refused_at_once_by_part_and_column()
    {
        var model = _ml.Transforms.Conversion.ConvertType("Sold", "Count").Append(Forecast(Steps.Glance))
            .Append(_ml.Transforms.CopyColumns("LastDate", "Date")).Fit(View(_days));
        Refused<Poor, Outlook>(model, "Part 3 of 3 of the chain (ColumnCopyingTransformer)", "'Date'");
        Refused<Day, Renamed>(model, "'What'", "'LastDate'");
        Assert.Contains("'Forecast'",
            Assert.Throws<InvalidOperationException>(() => model.CreateForecastEngine<Day, WrongType>(_ml)).Message);
        // Columns that training did not have, or had as another type.
        var trained = _ml.Transforms.Conversion.ConvertType("Sold", "Count").Append(Forecast(Steps.Glance))
            .Fit(_ml.Data.LoadFromEnumerable([.. _days.Select(day => new Poor { Count = day.Count })]));
        Refused<Day, OnlyDate>(trained, "The type of the forecasts needs column 'Date'", "did not have");
        ITransformer[] parts = [.. trained, _ml.Transforms.CopyColumns("LastDate", "Date").Fit(View(_days))];
        Refused<Day, LastDate>(new TransformerChain<ITransformer>(parts),
            "Part 3 of 3 of the chain (ColumnCopyingTransformer) needs column 'Date'");
        var bound = new TransformerChain<ITransformer>(parts).CreateForecastEngine<Day, Outlook>(_ml);
        Assert.NotNull(bound.Predict(bound.CreateState()));
        var typed = Forecast(Steps.Glance)
            .Fit(_ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, 40).Select(i => new Stamped { Sold = i % 7, Date = i })]));
        Refused<Redated, OnlyDate>(typed, "'Date'", "is DateTime here, and was Single");
    }

    [Fact]
    public void A_transform_that_needs_more_than_a_row_is_refused_by_name()
    {
        var chain = new TransformerChain<ITransformer>(new Whole(), Forecast(Steps.Glance)
            .Fit(_ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, 40).Select(i => new Stamped { Sold = i % 7 })])));
        Refused<Stamped, Outlook>(chain, "Part 1 of 2 of the chain (Whole)", "row by row");
    }

    private void SameAsTransform<TOut>(ITransformer model, string? series) where TOut : class, new()
    {
        var engine = model.CreateForecastEngine<Day, TOut>(_ml);
        ForecastEngineState state = engine.CreateState();
        for (int t = 30; t <= _days.Length; t++)
        {
            string expected =
                Text(_ml.Data.CreateEnumerable<TOut>(model.Transform(View(_days[..t])), reuseRowObject: false).Last());
            Assert.Equal(expected, Text(engine.Predict(state, series)));
            using var file = new MemoryStream();
            state.Save(file);
            file.Position = 0;
            state = engine.LoadState(file);
            Assert.Equal(expected, Text(engine.Predict(state, series)));
            if (t < _days.Length)
                engine.Observe(state, _days[t]);
        }
    }

    private void Refused<TIn, TOut>(ITransformer model, params string[] parts) where TIn : class where TOut : class, new() =>
        Assert.All(parts, part =>
            Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => model.CreateForecastEngine<TIn, TOut>(_ml)).Message));

    private IDataView View(Day[] days) => _ml.Data.LoadFromEnumerable(days);

    private ForecastTrainer Forecast(ForecastOptions options) =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 8, 2, options);

    private static string Text(object answer) => JsonSerializer.Serialize(answer);

    public sealed class Day
    {
        public DateTime Date { get; set; }

        public string Shop { get; set; } = "x";

        public string Mood { get; set; } = "";

        public int Count { get; set; }

        [VectorType(3)]
        public float[] Vector { get; set; } = [];

        public float[] Any { get; set; } = [];

        public bool IsOpen { get; set; }

        public double Exact { get; set; }

        public TimeSpan Span { get; set; }

        public DateTimeOffset Stamp { get; set; }

        public string Note { get; set; } = "";

        public string[] Tags { get; set; } = [];

        public long Large { get; set; }

        public ulong Largest { get; set; }

        public static Day Of(int t) => new()
        {
            Date = new DateTime(2024, 1, 1, 6, 0, 0, t % 2 == 0 ? DateTimeKind.Utc : DateTimeKind.Unspecified).AddDays(t),
            Mood = t % 2 == 0 ? "dry" : "wet", Count = 5 + t % 7,
            Vector = [t, -t, t % 3], Any = [.. Enumerable.Range(0, t % 4).Select(i => (float)i)], IsOpen = t % 3 == 0,
            Exact = t / 3.0, Span = TimeSpan.FromMinutes(t),
            Stamp = new DateTimeOffset(2024, 1, 1, t % 24, 0, 0, TimeSpan.FromHours(t % 5)), Note = new string('n', t % 6),
            Tags = [.. Enumerable.Repeat($"t{t}", t % 3)],
            Large = -t, Largest = ulong.MaxValue - (ulong)t,
        };
    }

    public class Plain
    {
        public float[] Forecast { get; set; } = [];

        public float[] ForecastLowerBound { get; set; } = [];

        public DateTime Date { get; set; }

        public string Shop { get; set; } = "";

        public int Count { get; set; }

        public float Sold { get; set; }

        public float[] Vector { get; set; } = [];

        public float[] Any { get; set; } = [];

        public bool IsOpen { get; set; }

        public double Exact { get; set; }

        public TimeSpan Span { get; set; }

        public DateTimeOffset Stamp { get; set; }

        public string Note { get; set; } = "";

        public string[] Tags { get; set; } = [];

        public long Large { get; set; }

        public ulong Largest { get; set; }
    }

    public sealed class Everything : Plain
    {
        public DateTime LastDate { get; set; }

        public uint Key { get; set; }

        public string Of { get; set; } = "";

        public float[] Hot { get; set; } = [];

        public float[] All { get; set; } = [];

        public string Longest { get; set; } = "";
    }

    public sealed class Counted
    {
        public int Count { get; set; }
    }

    public sealed class Known
    {
        public float Sold { get; set; }
    }

    public sealed class Mapping
    {
        public string Of { get; set; } = "";

        public string Note { get; set; } = "";
    }

    public sealed class Mapped
    {
        public string Longest { get; set; } = "";
    }

    public sealed class Renamed
    {
        public DateTime What { get; set; }

        public string Unknown { get; set; } = "as it was";
    }

    public sealed class LastDate
    {
        [ColumnName("LastDate")]
        public DateTime Value { get; set; }
    }

    public sealed class Poor
    {
        public int Count { get; set; }
    }

    public sealed class Stamped
    {
        public float Sold { get; set; }

        public float Date { get; set; }
    }

    public sealed class Redated
    {
        public float Sold { get; set; }

        public DateTime Date { get; set; }
    }

    public sealed class WrongType
    {
        public DateTime Forecast { get; set; }
    }

    public sealed class OnlyDate
    {
        public DateTime Date { get; set; }
    }

    /// <summary>Works on a whole table.</summary>
    private sealed class Whole : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => input;

        public void Save(ModelSaveContext ctx) { }
    }
}
