using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Diagnostics;
using SequenceModels.Reports;

namespace SequenceModels.Cultures;

/// <summary>
/// Texts that the library makes: of errors, of its log, of ToString and of reports. The same models make them each time.
/// </summary>
internal sealed partial class Messages
{
    private readonly List<(string Name, string Text)> _told = [];
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.GetTempFileName();
    private readonly SequencePredictionTransformer _number;
    private readonly SequencePredictionTransformer _two;
    private readonly GradientFlowComparison _flows;
    private readonly ITransformer _forecaster;
    private readonly ForecastBackTest _backTest;
    private readonly IDataView _texts;
    private readonly ITransformer _language;
    private readonly IDataView _tagged;
    private readonly TaggingTransformer _tagger;

    public Messages()
    {
        _number = _ml.Regression.Trainers.Lstm("Value", "Features", options: Small).Fit(Load(Series()));
        _two = _ml.BinaryClassification.Trainers.Gru("Flag", "Features", options: Small).Fit(Load(Series()));
        _flows = GradientFlow.Compare(_ml, Load(Series()), "Value", "Features", Small);
        _forecaster = Forecast().Fit(Load(Days(60)));
        _backTest = _ml.Sequences().Forecasting.BackTest(_ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 8, 2,
            SmallForecast with { TimeColumnName = "Day", ConfidenceLevel = 0.8f }), Load([.. Days(60).Select(Old)]), folds: 1,
            seasonLength: 7);
        _texts = Load([.. Enumerable.Range(0, 30).Select(i =>
            new Row { Text = $"tea at {i % 3} then cake", Flag = i % 2 == 0, Tags = ["O", "B-x", "O", "O", "O"] })]);
        _language = _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", SequenceTokenization.Words())
            .Append(_ml.Sequences().LanguageModeling.Trainers.Gru("Tokens",
                new LanguageModelOptions { HiddenSize = 4, EmbeddingSize = 4, NumberOfEpochs = 1, NumberOfThreads = 1 }))
            .Fit(_texts);
        IDataView tokens = _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", SequenceTokenization.Words(2)).Fit(_texts)
            .Transform(_texts);
        _tagged = _ml.Transforms.Conversion.MapValueToKey("Label", "Tags").Fit(tokens).Transform(tokens);
        _tagger = _ml.Sequences().Tagging.Trainers.Gru("Label", ["Tokens"], new TaggingOptions
        {
            HiddenSize = 4, EmbeddingSize = 4, NumberOfEpochs = 1, NumberOfThreads = 1, TagDecoding = TagDecoding.Crf,
        }).Fit(_tagged);
        _ml.Log += (_, log) =>
        {
            if (log.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Trace)
                return;
            lock (_told)
                _told.Add(("log", WithoutNumbers(log.RawMessage)));
        };
    }

    private static SequenceTrainerOptions Small => new()
    {
        HiddenSize = 4, EmbeddingSize = 4, NumberOfEpochs = 2, Seed = 1, BatchSize = 8, NumberOfThreads = 1,
        ValidationFraction = 0.25,
    };

    private static ForecastOptions SmallForecast => new() { HiddenSize = 4, NumberOfEpochs = 1, Seed = 1, NumberOfThreads = 1 };

    public (string Name, string Text)[] All()
    {
        _told.Clear();
        try
        {
            Options();
            Trainings();
            Forecasts();
            Texts();
            Transforms();
            return [.. _told];
        }
        finally
        {
            File.Delete(_file);
        }
    }

    // Each number of each kind of options, below and above what it may be.
    private void Options()
    {
        IDataView series = Load(Series());
        Wrong(Small, options => _ml.Regression.Trainers.Gru("Value", "Features", options: options).Fit(series));
        Wrong(SmallForecast, options => _ml.Forecasting.ForecastByLstm("Forecast", ["Sold"], 8, 2, options).Fit(Load(Days(30))));
        Wrong(new TaggingOptions { HiddenSize = 4, NumberOfEpochs = 1 },
            options => _ml.Sequences().Tagging.Trainers.Gru("Label", ["Features"], options).Fit(series));
        Wrong(new LanguageModelOptions { HiddenSize = 4, NumberOfEpochs = 1 },
            options => _ml.Sequences().LanguageModeling.Trainers.Gru("Features", options).Fit(series));
        Says("optimizers", () =>
            $"{SequenceOptimizer.Sgd(0.5f)} {SequenceOptimizer.Adam()} {Small with { Optimizer = SequenceOptimizer.RmsProp() }}");
        Says("optimizer", () => SequenceOptimizer.Sgd(-1.5f));
        Says("schedules", () => $"{LearningRateSchedule.Cosine(0.5f)} {LearningRateSchedule.StepDecay(0.5f, 3)}");
        Says("schedule", () => LearningRateSchedule.StepDecay(-1.5f, -1));
        Says("weights", () => Small with { ClassWeights = ClassWeights.Of(1.5f, 2.5f) });
        Says("weight", () => ClassWeights.Of(1.5f, -2.5f));
        Says("tokens", () => new GeneratedToken(1234567, "a", "b", -1234.5f).ToString() + new ScoredToken(1, "a", -1.5f));
        Says("progress", () => new TrainingProgress(1, 2, 3, 4, -1234.5, 1234567.5, TimeSpan.FromSeconds(1.5),
            TimeSpan.FromDays(2)));
    }

    private void Wrong<T>(T options, Action<T> use) where T : class
    {
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(property => property.CanWrite))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            foreach (double value in new[] { -1234.5, 123456789.5 })
            {
                if (type != typeof(int) && type != typeof(long) && type != typeof(float) && type != typeof(double) ||
                    (value > 0 && type != typeof(float) && type != typeof(double)))
                    continue;
                T copy = (T)typeof(T).GetMethod("<Clone>$")!.Invoke(options, null)!;
                property.SetValue(copy, Convert.ChangeType(value, type, System.Globalization.CultureInfo.InvariantCulture));
                Says($"{typeof(T).Name}.{property.Name} = {(value < 0 ? "low" : "high")}", () => copy);
                Says($"use of {typeof(T).Name}.{property.Name} = {(value < 0 ? "low" : "high")}", () => Run(() => use(copy)));
            }
        }
    }

    private void Trainings()
    {
        IDataView series = Load(Series());
        Says("model", () => _number.Model);
        Says("epochs", () => string.Join('\n', _number.Model.History));
        Says("threshold", () => _two.WithThreshold(-1.5f));
        Says("flows", () => _flows);
        Report("report of numbers", _number.Model.WriteReport);
        Report("report of two classes", _two.Model.WriteReport);
        Report("report of flows", _flows.WriteReport);
        Says("rows", () => _ml.Regression.Trainers.Gru("Value", "Features", options: Small).Fit(_ml.Data.TakeRows(series, 0)));
        Says("frames of another size", () => _number.Model.Network.Score([1f, 2, 3]));
        Says("a number that is none", () => _ml.Regression.Trainers.Gru("Value", "Features", options: Small).Fit(Load(
            [.. Series(), new Row { Features = [1, float.NaN], Value = 1 }])));
        Says("a label that is none", () => _ml.Regression.Trainers.Gru("Value", "Features", options: Small).Fit(Load(
            [.. Series(), new Row { Features = [1, 2], Value = float.NegativeInfinity }])));
        Says("a negative weight", () => _ml.Regression.Trainers.Gru("Value", "Features", "Weight", Small).Fit(Load(
            [.. Series(), new Row { Features = [1], Weight = -1234.5f }])));
        _number.Model.Network.Save(_file);
        byte[] saved = File.ReadAllBytes(_file);
        foreach (int length in new[] { 0, 10, 20, saved.Length / 2, saved.Length - 1 })
            Says($"{length} bytes of a network", () => SequenceNetwork.Load(new MemoryStream(saved[..length])));
        Says("a newer version",
            () => SequenceNetwork.Load(new MemoryStream([.. saved[..8], 255, 255, 255, 127, .. saved[12..]])));
        Says("a stepper", () => _number.Model.Network.CreateStepper().Step(_number.Model.Network.CreateStepper().CreateState(),
            [1f, 2, 3]).Length);
    }

    private void Forecasts()
    {
        IDataView days = Load(Days(60));
        ForecastTrainer forecast = Forecast();
        DateTime day = new(1880, 5, 1), hour = new(1880, 5, 1, 13, 45, 10);
        foreach ((string name, DateTime time) in new[] { ("a day twice", day), ("an hour twice", hour) })
            Says(name, () => forecast.Fit(Load([.. Days(30), new Row { Day = time }, new Row { Day = time }])));
        Says("few rows", () => forecast.Fit(Load(Days(5))));
        Says("a window below 0", () => _ml.Forecasting.ForecastByGru("Forecast", ["Sold"], -1234, 2, SmallForecast));
        Says("a horizon below 0", () => _ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 8, -2, SmallForecast));
        Says("logarithms", () => _ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 8, 2,
            SmallForecast with { Transform = ForecastTransform.Log }).Fit(Load(
            [.. Days(30), new Row { Sold = -1234.5f, Day = new DateTime(1880, 5, 1) }])));
        Says("folds", () => _ml.Sequences().Forecasting.BackTest(forecast, days, folds: -3));
        Says("season", () => _ml.Sequences().Forecasting.BackTest(forecast, days, folds: 1, seasonLength: -7));
        Says("fraction", () => _ml.Sequences().Forecasting.BackTest(forecast, days, folds: 1, testFraction: -1.5));
        Says("a long season", () => _ml.Sequences().Forecasting.BackTest(forecast, days, folds: 2, seasonLength: 365));
        Says("many folds", () => _ml.Sequences().Forecasting.BackTest(forecast, days, folds: 4000));
        Says("back test", () => _backTest);
        Says("back test in deviations", () => _backTest.Standardized);
        Says("a split", () => _ml.Sequences().Forecasting.BackTest(forecast, days, ForecastSplit.AtRow(4000)));
        Says("a split at a date", () => _ml.Sequences().Forecasting.BackTest(forecast, days,
            ForecastSplit.AtTime(new DateTime(1880, 5, 1, 13, 30, 0))));
        Says("a split at a number", () => _ml.Sequences().Forecasting.BackTest(forecast, days, ForecastSplit.AtTime(-1234.5)));
        Says("a split without an order", () => ForecastSplit.AtTime(-1234.5, end: -2345.5));
        Says("a fitted model", () => _ml.Sequences().Forecasting.Evaluate(days, _forecaster, ForecastSplit.AtRow(50), 7));
        Says("figures", () => string.Join('\n', _backTest.Metrics));
        Report("report of a back test", _backTest.WriteReport);
        ForecastEngine<Row, Outlook> engine = _forecaster.CreateForecastEngine<Row, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        Says("an infinite step",
            () => Run(() => engine.Observe(state, new Row { Sold = float.NegativeInfinity, Day = new DateTime(1880, 5, 1) })));
        Says("a step of long ago", () => Run(() => engine.Observe(state, new Row { Sold = 1, Day = new DateTime(1880, 5, 1) })));
        Says("a future", () => engine.Predict(state, [new Row()]));
        Says("an unknown series", () => engine.Predict(state, "none"));
        Says("windows", () => _ml.Sequences().Windows(days, ["Sold"], -8, 2));
        Says("strides", () => _ml.Sequences().Windows(days, ["Sold"], 8, -2, stride: -3));
    }

    private void Texts()
    {
        Says("few tokens", () => _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text",
            SequenceTokenization.Words(minimumCount: 1000)).Fit(_texts));
        Says("count", () => SequenceTokenization.Words(-5));
        Says("subwords", () => SequenceTokenization.Subwords(-5));
        Says("tokenization", () => SequenceTokenization.Words(5) with { MaximumLength = 1234567 });
        Says("a length below 0", () => _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text",
            SequenceTokenization.Words() with { MaximumLength = -1 }).Fit(_texts));
        Says("perplexity", () => _ml.Sequences().LanguageModeling.Evaluate(_texts, _language));
        SequenceGenerator generator = _ml.Sequences().LanguageModeling.CreateGenerator(_language);
        Wrong(new GenerationOptions { MaximumLength = 3, Seed = 1 }, options => generator.GenerateText("tea", options));
        Says("generated",
            () => string.Join(' ', generator.Generate("tea", new GenerationOptions { MaximumLength = 3, Seed = 1 })));
        Says("scored", () => string.Join(' ', generator.Score("tea at")));
        Says("tags", () => _ml.Sequences().Tagging.Evaluate(_tagger.Transform(_tagged)));
        Report("report of tags", _tagger.Model.WriteReport);
        IDataView other = _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", SequenceTokenization.Words())
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label", "Tags"))
            .Fit(_texts).Transform(Load([new Row { Text = "tea", Tags = ["O", "B-x"] }]));
        Says("tags of another length", () => _ml.Sequences().Tagging.Trainers.Gru("Label", ["Tokens"]).Fit(other));
        Says("a token beyond the vocabulary", () => _tagger.Model.Network.Score([1234567u]));
        File.WriteAllText(_file, "a 1.5 2.5\nb 1,5 2\n");
        Says("vectors", () => _ml.BinaryClassification.Trainers.Gru("Flag", "Tokens",
            options: Small with { EmbeddingSize = 3, PretrainedVectors = WordVectors.FromFile(_file) }).Fit(_tagged));
        Says("vectors of two numbers", () => _ml.BinaryClassification.Trainers.Gru("Flag", "Tokens",
            options: Small with { EmbeddingSize = 2, PretrainedVectors = WordVectors.FromFile(_file) }).Fit(_tagged));
    }

    private void Transforms()
    {
        IDataView series = Load(Series());
        Says("steps", () => _ml.Transforms.ReshapeSequence("Out", -3, "Features"));
        Says("pads", () => _ml.Transforms.PadSequence("Out", -3, "Features"));
        Says("steps that do not divide", () => _ml.Transforms.ReshapeSequence("Out", 7, "Features").Fit(series).Transform(series)
            .GetColumn<float[]>("Out").Count());
        Row[] table = [.. Enumerable.Range(0, 6).Select(i =>
            new Row { Text = "a", Value = i, Day = new DateTime(1880, 5, 1).AddHours(i), Weight = -1.5f * i })];
        IDataView steps = _ml.Transforms.DropColumns("Features", "Tags").Fit(Load(table)).Transform(Load(table));
        foreach (string constant in new[] { "Weight", "Day" })
            Says($"constant {constant}", () =>
                _ml.Sequences().Group(steps, "Text", "Value", [constant]).GetColumn<string>("Text").Count());
        foreach (string order in new[] { "Sold", "Flag" })
            Says($"order by {order}", () => _ml.Sequences().Group(steps, "Text", order).GetColumn<string>("Text").Count());
        Says("group of a column that is not there", () => _ml.Sequences().Group(Load(table), "None"));
    }

    private ForecastTrainer Forecast() =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 8, 2, SmallForecast with { TimeColumnName = "Day" });

    private IDataView Load(Row[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private static Row[] Series() =>
        [.. Enumerable.Range(0, 24).Select(i =>
            new Row { Features = [i, -i * 1.5f, i % 3], Value = i - 12.5f, Flag = i % 2 == 0 })];

    private static Row[] Days(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Row { Sold = i % 7 - 3.5f, Day = new DateTime(2024, 1, 1).AddDays(i) })];

    private static Row Old(Row row) => new() { Sold = row.Sold, Day = row.Day.AddYears(-144) };
}
