using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Forecasting;
using SequenceModels.Kernels;
using SequenceModels.Reports;
using SequenceModels.Training;

namespace SequenceModels.Fuzz;

/// <summary>Every kind of file that the library writes, each as small as it can be.</summary>
internal static class FuzzSubjects
{
    private static readonly SequenceTrainerOptions s_small = new()
    {
        HiddenSize = 2, EmbeddingSize = 2, NumberOfEpochs = 1, BatchSize = 4, NumberOfThreads = 1, Seed = 1,
    };

    /// <summary>Slots of a vector that are still read.</summary>
    private const int MostSlots = 1 << 20;

    /// <summary>The names, and what makes each.</summary>
    public static IReadOnlyDictionary<string, Func<FuzzSubject>> All { get; } = new Dictionary<string, Func<FuzzSubject>>
    {
        ["network"] = () => Network("network", Binary(s_small with { FrameScaling = FrameScaling.Standard })),
        ["stepper"] = () => Stepper(Binary(s_small with { Pooling = SequencePooling.Mean })),
        ["generator"] = Generator,
        ["checkpoint"] = Checkpoint,
        ["tagger"] = Tagger,
        ["forecast-model"] = ForecastModel,
        ["forecast-state"] = ForecastState,
        ["engine-state"] = EngineState,
        ["binary"] = () => Model("binary", ml => ml.BinaryClassification.Trainers.Lstm(featureColumnName: "Numbers", options: s_small), "Score"),
        ["multiclass"] = () => Model("multiclass", ml => Keys(ml).Append(ml.Transforms.Conversion.MapValueToKey("Label", "Class"))
            .Append(ml.MulticlassClassification.Trainers.Gru(featureColumnName: "Tokens", options: s_small)), "Score"),
        ["regression"] = () => Model("regression", ml => ml.Transforms.CopyColumns("Label", "Number")
            .Append(ml.Regression.Trainers.Rnn(featureColumnName: "Numbers", options: s_small)), "Score"),
        ["tagging"] = () => Model("tagging", ml => Keys(ml).Append(ml.Transforms.Conversion.MapValueToKey("Label", "Tags")).Append(
            ml.Sequences().Tagging.Trainers.Lstm("Label", ["Tokens", "Words"], s_tagging)), "Score"),
        ["language"] = () => Model("language", ml => Keys(ml).Append(
            ml.Sequences().LanguageModeling.Trainers.Gru("Tokens", s_language)), "LogProbabilities"),
        ["forecast"] = () => Model("forecast", ml => ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 4, 2, s_forecast), "Forecast"),
        ["tokenizing"] = () => Model("tokenizing", Keys, "Tokens"),
        ["subwords"] = () => Model("subwords", ml => ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", SequenceTokenization.Subwords(262)), "Tokens"),
        ["detokenizing"] = () => Model("detokenizing", ml => Keys(ml).Append(ml.Transforms.Text.DetokenizeSequence("Joined", "Tokens")), "Joined"),
        ["one-hot"] = () => Model("one-hot", ml => Keys(ml).Append(ml.Transforms.Categorical.OneHotSequenceEncoding("Hot", "Tokens")), "Hot"),
        ["reshaping"] = () => Model("reshaping", ml => ml.Transforms.ReshapeSequence("Frames", 2, "Numbers"), "Frames"),
        ["padding"] = () => Model("padding", ml => ml.Transforms.PadSequence("Padded", 3, "Numbers"), "Padded"),
    };

    private static readonly ForecastOptions s_forecast = new()
    {
        HiddenSize = 2, NumberOfEpochs = 1, BatchSize = 4, NumberOfThreads = 1, Seed = 1, ValidationFraction = 0,
    };

    private static readonly TaggingOptions s_tagging = new()
    {
        HiddenSize = 2, EmbeddingSize = 2, NumberOfEpochs = 1, BatchSize = 4, NumberOfThreads = 1, Seed = 1, TagDecoding = TagDecoding.Crf,
        CharacterHiddenSize = 2, CharacterEmbeddingSize = 2,
    };

    private static readonly LanguageModelOptions s_language = new()
    {
        HiddenSize = 2, EmbeddingSize = 2, NumberOfEpochs = 1, BatchSize = 4, NumberOfThreads = 1, Seed = 1,
    };

    private static MLContext NewContext() => new(seed: 1);

    private static IDataView Rows(MLContext ml) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new FuzzRow
    {
        Numbers = [i % 3, 1, -i % 2, 0.5f],
        Text = i % 2 == 0 ? "go to sea" : "to be",
        Words = i % 2 == 0 ? ["go", "to", "sea"] : ["to", "be"],
        Tags = i % 2 == 0 ? ["O", "O", "B-x"] : ["O", "O"],
        Class = i % 2 == 0 ? "a" : "b",
        Number = i % 5,
        Sold = 10 + i % 4,
        Label = i % 2 == 0,
    }));

    private static IEstimator<ITransformer> Keys(MLContext ml) => ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text");

    private static SequenceNetwork Binary(SequenceTrainerOptions options)
    {
        MLContext ml = NewContext();
        return ml.Transforms.ReshapeSequence("Frames", 2, "Numbers").Append(ml.BinaryClassification.Trainers.Lstm(featureColumnName: "Frames", options: options))
            .Fit(Rows(ml)).LastTransformer.Model.Network;
    }

    private static FuzzSubject Network(string name, SequenceNetwork network) => new(name, Saved(network.Save), payload =>
    {
        var loaded = SequenceNetwork.Load(new MemoryStream(payload));
        return () => UseNetwork(loaded);
    });

    private static void UseNetwork(SequenceNetwork network) => FuzzSubject.RequireFinite(network.TakesTokens
        ? network.Score(new uint[] { 1, 0, 2 })
        : network.Score(Enumerable.Range(0, Math.Min(network.InputSize, 1 << 16) * 3).Select(i => (float)(i % 2)).ToArray()));

    private static FuzzSubject Stepper(SequenceNetwork network)
    {
        SequenceStepper stepper = network.CreateStepper();
        StepperState state = stepper.CreateState();
        stepper.Step(state, new[] { 1, 0, 0.5f, 1 });
        return new FuzzSubject("stepper", Saved(state.Save), payload =>
        {
            StepperState loaded = stepper.LoadState(new MemoryStream(payload));
            return () =>
            {
                FuzzSubject.RequireFinite(loaded.Scores);
                FuzzSubject.RequireFinite(stepper.Step(loaded.Copy(), new float[] { 1, 0 }));
            };
        });
    }

    private static FuzzSubject Generator()
    {
        MLContext ml = NewContext();
        var model = Keys(ml).Append(ml.Sequences().LanguageModeling.Trainers.Lstm("Tokens", s_language)).Fit(Rows(ml));
        SequenceGenerator generator = ml.Sequences().LanguageModeling.CreateGenerator(model);
        return new FuzzSubject("generator", Saved(generator.Start("go to").Save), payload =>
        {
            GeneratorState loaded = generator.LoadState(new MemoryStream(payload));
            return () =>
            {
                foreach (GeneratedToken token in generator.Generate(loaded, new() { MaximumLength = 3, Seed = 1, RepetitionPenalty = 1.2f }))
                    FuzzSubject.RequireFinite([token.LogProbability]);
            };
        });
    }

    /// <summary>What a training that was stopped after an epoch has left.</summary>
    private static FuzzSubject Checkpoint()
    {
        MLContext ml = NewContext();
        string path = Path.GetTempFileName();
        File.Delete(path);
        try
        {
            using var stop = new CancellationTokenSource();
            try
            {
                ml.BinaryClassification.Trainers.Gru(featureColumnName: "Numbers", options: s_small with
                {
                    NumberOfEpochs = 9,
                    ValidationFraction = 0.3,
                    CheckpointPath = path,
                    CancellationToken = stop.Token,
                    Progress = new StopInEpoch(3, stop),
                }).Fit(Rows(ml));
            }
            catch (OperationCanceledException)
            {
            }
            return new FuzzSubject("checkpoint", File.ReadAllBytes(path), payload =>
            {
                File.WriteAllBytes(path, payload);
                try
                {
                    SequenceModelParameters model = SequenceModelParameters.FromCheckpoint(path);
                    return () => UseNetwork(model.Network);
                }
                finally
                {
                    File.Delete(path);
                }
            });
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ForecastTransformer Forecaster(MLContext ml) => ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 4, 2, s_forecast).Fit(Rows(ml));

    private static FuzzSubject EngineState()
    {
        MLContext ml = NewContext();
        ForecastEngine<FuzzRow, FuzzForecast> engine = Forecaster(ml).CreateForecastEngine<FuzzRow, FuzzForecast>(ml);
        return new FuzzSubject("engine-state", Saved(engine.CreateState().Save), payload =>
        {
            ForecastEngineState loaded = engine.LoadState(new MemoryStream(payload));
            return () => FuzzSubject.RequireFinite(engine.Predict(loaded).Forecast, orMissing: true);
        });
    }

    private static FuzzSubject ForecastState()
    {
        ForecastTransformer forecaster = Forecaster(NewContext());
        return new FuzzSubject("forecast-state", Saved(forecaster.CreateState().Save), payload =>
        {
            ForecastState loaded = forecaster.ForecastModel.LoadState(new MemoryStream(payload));
            return () => FuzzSubject.RequireFinite([.. forecaster.ForecastModel.Forecast(loaded).Values], orMissing: true);
        });
    }

    private static FuzzSubject ForecastModel() => new("forecast-model", Saved(Forecaster(NewContext()).ForecastModel.Save), payload =>
    {
        var loaded = SequenceModels.ForecastModel.Load(new MemoryStream(payload));
        return () =>
        {
            ForecastState state = loaded.CreateState();
            for (int i = 0; i < 9; i++)
                loaded.Observe(state, Enumerable.Range(1, loaded.NumbersPerStep).Select(number => (float)number + i % 3).ToArray());
            SeriesForecast forecast = loaded.Forecast(state, new float[loaded.Horizon * loaded.NumbersKnownAhead]);
            FuzzSubject.RequireFinite([.. forecast.Values], orMissing: true);
        };
    });

    private static FuzzSubject Tagger()
    {
        MLContext ml = NewContext();
        SequenceTagger tagger = Keys(ml).Append(ml.Transforms.Conversion.MapValueToKey("Label", "Tags")).Append(ml.Sequences().Tagging.Trainers.Lstm("Label",
            ["Tokens"], s_tagging)).Fit(Rows(ml)).LastTransformer.Tagger;
        return new FuzzSubject("tagger", Saved(tagger.Save), payload =>
        {
            var loaded = SequenceTagger.Load(new MemoryStream(payload));
            return () => FuzzSubject.RequireFinite([.. loaded.Tag(new uint[] { 1, 0, 2 }).Scores]);
        });
    }

    private static FuzzSubject Model(string name, Func<MLContext, IEstimator<ITransformer>> make, string output)
    {
        MLContext ml = NewContext();
        IDataView rows = Rows(ml);
        ITransformer[] parts = [.. Parts(make(ml).Fit(rows))];
        foreach (ITransformer part in parts[..^1])
            rows = part.Transform(rows);
        var file = new ModelPayload(ml, parts[^1]);
        IDataView few = ml.Data.TakeRows(rows, 2);
        if (name == "forecast")
            few = rows;
        return new FuzzSubject(name, file.Payload, payload =>
        {
            ITransformer model = file.Load(payload);
            return () => UseModel(model, few, output);
        });
    }

    private static IEnumerable<ITransformer> Parts(ITransformer model) => model is IEnumerable<ITransformer> parts ? parts.SelectMany(Parts) : [model];

    private static void UseModel(ITransformer model, IDataView rows, string output)
    {
        IDataView scored = model.Transform(rows);
        DataViewSchema.Column column = scored.Schema.GetColumnOrNull(output) ?? scored.Schema[^1]; // a mutation may have given it another name
        if (column.Type is VectorDataViewType { Size: > MostSlots })
            return; // a setting, told before it is paid for: such as the length to pad to
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        bool orMissing = output is "LogProbabilities" or "Forecast" || column.Name != output;
        Action read = column.Type switch
        {
            VectorDataViewType { ItemType: var item } when item.RawType == typeof(float) => Reading<VBuffer<float>>(cursor, column,
                values => FuzzSubject.RequireFinite(values.GetValues(), orMissing)),
            VectorDataViewType { ItemType: var item } when item.RawType == typeof(uint) => Reading<VBuffer<uint>>(cursor, column, _ => { }),
            VectorDataViewType { ItemType: TextDataViewType } => Reading<VBuffer<ReadOnlyMemory<char>>>(cursor, column, _ => { }),
            TextDataViewType => Reading<ReadOnlyMemory<char>>(cursor, column, _ => { }),
            { } type when type.RawType == typeof(float) => Reading<float>(cursor, column, value => FuzzSubject.RequireFinite([value], orMissing)),
            _ => () => { }
            ,
        };
        while (cursor.MoveNext())
            read();
    }

    private static Action Reading<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Action<T> check)
    {
        ValueGetter<T> get = cursor.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            check(value);
        };
    }

    private static byte[] Saved(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    private sealed class StopInEpoch(int epoch, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch)
                stop.Cancel();
        }
    }
}

internal sealed class FuzzRow
{
    [VectorType]
    public float[] Numbers { get; set; } = [];

    public string Text { get; set; } = "";

    public string[] Words { get; set; } = [];

    public string[] Tags { get; set; } = [];

    public string Class { get; set; } = "";

    public float Number { get; set; }

    public float Sold { get; set; }

    public bool Label { get; set; }
}

internal sealed class FuzzForecast
{
    public float[] Forecast { get; set; } = [];
}
