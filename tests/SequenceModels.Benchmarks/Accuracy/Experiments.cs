using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Every experiment, each a pipeline as a user would write it.</summary>
internal static class Experiments
{
    /// <summary>What the recipes say nothing of: a constant rate, the last state, nothing dropped and nothing scaled.</summary>
    private static readonly SequenceTrainerOptions Plain = new()
    {
        LearningRateSchedule = LearningRateSchedule.Constant, Pooling = SequencePooling.Last, Dropout = 0, WordDropout = 0,
        EmbeddingDeviation = 1,
        FrameScaling = FrameScaling.None, FrameStacking = 1, BatchSize = 32,
    };

    private static readonly SequenceTrainerOptions NamesOptions = Plain with
    {
        EmbeddingSize = 64, HiddenSize = 128, Dropout = 0.3f, BatchSize = 64, LearningRate = 2e-3f, NumberOfEpochs = 8,
    };

    public static SequenceTrainerOptions SnipsOptions { get; } = Plain with
    {
        Bidirectional = true, HiddenSize = 128, EmbeddingSize = 100, Pooling = SequencePooling.Max, Dropout = 0.5f,
        LearningRate = 1e-3f, NumberOfEpochs = 8,
    };

    public static SequenceTrainerOptions VowelsOptions { get; } = Plain with
    {
        HiddenSize = 64, BatchSize = 16, LearningRate = 5e-3f, NumberOfEpochs = 40, FrameScaling = FrameScaling.Standard,
    };

    public static IReadOnlyList<Experiment> All { get; } =
    [
        new("snips", 0.965,
            "words seen twice or more, bidirectional LSTM 128, max pooling, embedding 100, dropout 0.5, batch 32, rate 1e-3, " +
            "8 epochs",
            "snips", Snips),
        new("japanese-vowels", 0.95,
            "12 values a frame, scaled to mean 0 and deviation 1, LSTM 64, last state, batch 16, rate 5e-3, 40 epochs",
            "japanese-vowels", Vowels),
        new("optdigits", 0.95, "a row of the picture a step, LSTM 64, last state, batch 32, rate 3e-3, 20 epochs",
            "optdigits-8x8", Digits),
        new("names-own-split", 0.81,
            "characters, LSTM 128, embedding 64, dropout 0.3, batch 64, rate 2e-3, 8 epochs; the file's own split",
            "names-by-language", (ml, folder) => Names(ml, folder, ownSplit: true, NamesOptions)),
        new("names-random-split", 0.81, "as names-own-split; a random 80/20 split of the rows",
            "names-by-language", (ml, folder) => Names(ml, folder, ownSplit: false, NamesOptions)),
        new("names-random-split-bidirectional", 0.82, "as names-random-split, bidirectional", "names-by-language",
            (ml, folder) => Names(ml, folder, ownSplit: false, NamesOptions with { Bidirectional = true })),
        new("names-own-split-sdca", 0.78, "baseline: ML.NET's FeaturizeText and SdcaMaximumEntropy, the file's own split",
            "names-by-language",
            (ml, folder) => NamesBaseline(ml, folder, ownSplit: true)),
        new("names-random-split-sdca", 0.78, "baseline: ML.NET's FeaturizeText and SdcaMaximumEntropy, a random 80/20 split",
            "names-by-language",
            (ml, folder) => NamesBaseline(ml, folder, ownSplit: false)),
        new("nsmc", 0.79, "characters, bidirectional LSTM 128, max pooling, embedding 64, batch 64, rate 2e-3, 2 epochs",
            "nsmc-korean-sentiment", Nsmc),
        .. TaggingExperiments.All,
    ];

    private static Trial Snips(MLContext ml, string folder)
    {
        IDataView Load(string file) => LabelledText.Load(ml, Path.Combine(folder, file), label: 0, text: 1);
        var trainer = ml.MulticlassClassification.Trainers.Lstm(options: SnipsOptions);
        return Multiclass(ml, ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", "Text", SequenceTokenization.Whitespace(minimumCount: 2)))
            .Append(trainer), Load("snips-train.tsv.gz"), Load("snips-test.tsv"));
    }

    /// <summary>Training or test rows, of the columns Features and Label.</summary>
    public static IDataView LoadVowels(MLContext ml, string folder, string part)
    {
        IDataView steps = ml.Data.LoadFromTextFile(Path.Combine(folder, $"japanese-vowels-{part}.tsv"),
        [
            new("Sequence", DataKind.Int32, 0), new("Step", DataKind.Int32, 1), new("Speaker", DataKind.Int32, 2),
            new("Features", DataKind.Single, 3, 14),
        ], hasHeader: true);
        steps = ml.Transforms.Conversion.MapValueToKey("Label", "Speaker",
            keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(steps).Transform(steps);
        return ml.Sequences().Group(steps, "Sequence", "Step", constantColumnNames: ["Label"]);
    }

    private static Trial Vowels(MLContext ml, string folder) =>
        Multiclass(ml, ml.MulticlassClassification.Trainers.Lstm(options: VowelsOptions), LoadVowels(ml, folder, "train"),
            LoadVowels(ml, folder, "test"));

    private static Trial Digits(MLContext ml, string folder)
    {
        IDataView Load(string file) => ml.Data.LoadFromTextFile(Path.Combine(folder, file),
            [new("Pixels", DataKind.Single, 0, 63), new("Digit", DataKind.Int32, 64)], separatorChar: ',');
        return Multiclass(ml, ml.Transforms.Conversion.MapValueToKey("Label", "Digit")
            .Append(ml.Transforms.ReshapeSequence("Features", 8, "Pixels"))
            .Append(ml.MulticlassClassification.Trainers.Lstm(options: Plain with
            {
                HiddenSize = 64, LearningRate = 3e-3f, NumberOfEpochs = 20, FrameScaling = FrameScaling.Standard,
            })), Load("optdigits-train.csv"), Load("optdigits-test.csv"));
    }

    private static Trial Names(MLContext ml, string folder, bool ownSplit, SequenceTrainerOptions options)
    {
        (IDataView train, IDataView test) = LabelledText.LoadNames(ml, folder, ownSplit);
        return Multiclass(ml, ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", "Text", SequenceTokenization.Characters()))
            .Append(ml.MulticlassClassification.Trainers.Lstm(options: options)), train, test);
    }

    private static Trial NamesBaseline(MLContext ml, string folder, bool ownSplit)
    {
        (IDataView train, IDataView test) = LabelledText.LoadNames(ml, folder, ownSplit);
        return Multiclass(ml, ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Text.FeaturizeText("Features", "Text"))
            .AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy()), train, test);
    }

    private static Trial Nsmc(MLContext ml, string folder)
    {
        IDataView Load(string file) => LabelledText.LoadBinary(ml, Path.Combine(folder, file), text: 1, label: 2);
        var pipeline = ml.Transforms.Text
            .TokenizeIntoSequence("Features", "Text", SequenceTokenization.Characters(minimumCount: 2))
            .Append(ml.BinaryClassification.Trainers.Lstm(options: Plain with
            {
                Bidirectional = true, Pooling = SequencePooling.Max, BatchSize = 64, LearningRate = 2e-3f, NumberOfEpochs = 2,
            }));
        return new Trial(() => pipeline.Fit(Load("nsmc-train-20k.tsv")),
            model => ml.BinaryClassification.Evaluate(model.Transform(Load("nsmc-test-5k.tsv"))).Accuracy);
    }

    private static Trial Multiclass<T>(MLContext ml, IEstimator<T> pipeline, IDataView train, IDataView test) where T : class,
        ITransformer =>
        new(() => pipeline.Fit(train), model => ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy);
}
