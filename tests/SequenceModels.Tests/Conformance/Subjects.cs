using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Tests.Conformance;

/// <summary>All estimators of the library. A new one without an entry here fails the conformance test.</summary>
internal static partial class Subjects
{
    private static readonly SequenceTrainerOptions s_small = new()
    {
        HiddenSize = 4, EmbeddingSize = 3, NumberOfEpochs = 2, BatchSize = 2, Seed = 1, NumberOfThreads = 1,
    };

    private static readonly TaggingOptions s_tagging = new()
    {
        HiddenSize = 4, EmbeddingSize = 3, NumberOfEpochs = 2, BatchSize = 2, Seed = 1, NumberOfThreads = 1, Bidirectional = true,
    };

    public static IReadOnlyList<Subject> All { get; } =
    [
        Tokenizing("words", Text, SequenceTokenization.Words()),
        Tokenizing("characters with special tokens", Text,
            SequenceTokenization.Characters(10, 2) with { StartToken = true, EndToken = true, MaximumLength = 6 }),
        Tokenizing("code points", Text, SequenceTokenization.Characters() with { Decomposed = true }),
        Tokenizing("tokens cut already", TestColumn.Of("Text", new VectorDataViewType(TextDataViewType.Instance),
            [.. Text.Values.Cast<ReadOnlyMemory<char>>().Select(text => Split(text.ToString()))]),
            SequenceTokenization.Whitespace()),
        Tokenizing("subwords", Text, SequenceTokenization.Subwords(270) with { EndToken = true }),
        Tokenizing("words", Text, SequenceTokenization.Words()) with
        {
            Name = "TokenizeIntoSequence: words and their offsets",
            Create = (ml, name) => ml.Transforms.Text.TokenizeIntoSequence("Tokens", name("Text"), offsetsColumnName: "Offsets"),
            Outputs = ["Tokens", "Offsets"],
            NamesItsOutputs = false,
        },
        new("DetokenizeSequence", (ml, name) => ml.Transforms.Text.DetokenizeSequence(name("Joined"), name("Keys")), [Keys],
            ["Joined"])
        {
            Refused = [("outputColumnName", ml => ml.Transforms.Text.DetokenizeSequence(""))],
        },
        OneHot("uint keys", Keys),
        OneHot("a fixed number of byte keys", TestColumn.Of("Keys",
            new VectorDataViewType(new KeyDataViewType(typeof(byte), 3), 2),
            TestColumn.Dense<byte>([[1, 0], [3, 3], [0, 0], [2, 1], [0, 3]]))),
        Reshaping("variable length", Frames with { Declared = new("Frames", new VectorDataViewType(NumberDataViewType.Single)) },
            "Frames"),
        Reshaping("fixed length", Flat, "Flat"),
        Stacking("variable length", Frames, "Frames"),
        Stacking("fixed length, plain numbers", Flat, "Flat"),
        LoadingAudio,
        Extracting("LogMelFrames", (ml, to, from) => ml.Transforms.LogMelFrames(to, from, SmallLogMel)),
        Extracting("MfccFrames", (ml, to, from) => ml.Transforms.MfccFrames(to, from, SmallMfcc)),
        Padding("keys", Keys, SequenceSide.End, SequenceSide.End),
        Padding("keys, at the start", Keys, SequenceSide.Start, SequenceSide.Start),
        Padding("one-hot steps", Hot, SequenceSide.Start, SequenceSide.End),
        Padding("frames", Frames, SequenceSide.End, SequenceSide.Start),
        Padding("plain numbers", Ragged, SequenceSide.End, SequenceSide.End),
        ExtractingSpans(),
        Trainer("LSTM for classes, keys", Keys, ClassLabel, ["PredictedLabel", "Score"],
            (ml, label, feature, weight, options) => ml.MulticlassClassification.Trainers.Lstm(label, feature, weight, options)),
        Trainer("GRU for yes or no, one-hot steps", Hot, BooleanLabel, ["PredictedLabel", "Score", "Probability"],
            (ml, label, feature, weight, options) => ml.BinaryClassification.Trainers.Gru(label, feature, weight, options)),
        Trainer("RNN for a number, frames", Frames, NumberLabel, ["Score"],
            (ml, label, feature, weight, options) => ml.Regression.Trainers.Rnn(label, feature, weight, options)),
        Trainer("GRU for a number, plain numbers", Ragged, NumberLabel, ["Score"],
            (ml, label, feature, weight, options) => ml.Regression.Trainers.Gru(label, feature, weight, options)),
        Trainer("LSTM for classes, keys and what the row has beside them", Keys, ClassLabel, ["PredictedLabel", "Score"],
            (ml, label, feature, weight, options) => ml.MulticlassClassification.Trainers.Lstm(label, feature, weight, options),
            Flat),
        OfTexts("TextLstm for classes", ClassLabel, ["PredictedLabel", "Score"], (ml, label, text, weight, options) =>
            ml.MulticlassClassification.Trainers.TextLstm(label, text, weight, options)),
        OfTexts("TextGru for yes or no, and what the row has beside the text", BooleanLabel,
            ["PredictedLabel", "Score", "Probability"], (ml, label, text, weight, options) =>
            ml.BinaryClassification.Trainers.TextGru(label, text, weight, options), Flat),
        Several("GRU for a number, keys, words, one-hot steps and numbers", Keys, Words, Steps, Numbers),
        Tagging("LSTM for tags, keys", (ml, label, features) => ml.Sequences().Tagging.Trainers.Lstm(label, features, s_tagging),
            Keys),
        Tagging("GRU for tags, frames", (ml, label, features) => ml.Sequences().Tagging.Trainers.Gru(label, features, s_tagging),
            Frames),
        Tagging("LSTM for tags, words, keys, one-hot steps and numbers, CRF", (ml, label, features) =>
            ml.Sequences().Tagging.Trainers.Lstm(label, features, s_tagging with { TagDecoding = TagDecoding.Crf }), Words, Keys,
            Steps, Numbers),
        LanguageModel("LSTM that predicts the next token", Keys,
            (ml, feature, options) => ml.Sequences().LanguageModeling.Trainers.Lstm(feature, options)),
        LanguageModel("GRU that predicts the next frame", Chords,
            (ml, feature, options) => ml.Sequences().LanguageModeling.Trainers.Gru(feature, options)),
        Translation("LSTM that translates keys, with what it looked at", Keys,
            (ml, label, feature, options) => ml.Sequences().Translation.Trainers.Lstm(label, feature, options),
            SmallTranslation with { OutputAttention = true, BeamSize = 2 }),
        Translation("GRU that translates frames, without attention", Frames,
            (ml, label, feature, options) => ml.Sequences().Translation.Trainers.Gru(label, feature, options),
            SmallTranslation with { Attention = AttentionKind.None, Bidirectional = false }),
        Transcription("LSTM that transcribes frames", Frames,
            (ml, label, feature, options) => ml.Sequences().Transcription.Trainers.Lstm(label, feature, options),
            SmallTranscription),
        Transcription("GRU that transcribes keys, with a beam", Keys,
            (ml, label, feature, options) => ml.Sequences().Transcription.Trainers.Gru(label, feature, options),
            SmallTranscription with { BeamSize = 3, Bidirectional = false }),
        Featurizing("of keys, by a classifier", Keys, (ml, feature) => ml.MulticlassClassification.Trainers
            .Lstm("Label", feature, options: s_small with { Bidirectional = true })),
        Featurizing("of chords, by a language model", Chords, (ml, feature) => ml.Sequences().LanguageModeling.Trainers
            .Gru(feature, new() { HiddenSize = 4, NumberOfEpochs = 1, Seed = 1, NumberOfThreads = 1, Reversed = true })),
        Forecast,
    ];

    private static Subject Featurizing(string what, TestColumn feature,
        Func<MLContext, string, IEstimator<ITransformer>> trainer) => new($"Featurize: {what}", (ml, name) =>
            ml.Sequences().Featurize(name("Vector"), trainer(ml, name(feature.Name))
                .Fit(new TestView(feature.Renamed(name(feature.Name)), ClassLabel))), [feature], ["Vector"])
        {
            Refused = [("outputColumnName", ml => ml.Sequences().Featurize("", ml.Transforms.CopyColumns("a", "b")
            .Fit(new TestView(feature.Renamed("b")))))],
        };

    private static Subject Tokenizing(string what, TestColumn text, SequenceTokenization tokenization) => new(
        $"TokenizeIntoSequence: {what}",
        (ml, name) => ml.Transforms.Text.TokenizeIntoSequence(name("Tokens"), name("Text"), tokenization), [text], ["Tokens"])
    {
        Refused =
        [
            ("MaximumVocabularySize", ml => ml.Transforms.Text.TokenizeIntoSequence("x", "y",
                tokenization with { MaximumVocabularySize = -1 })),
            ("MinimumCount", ml => ml.Transforms.Text.TokenizeIntoSequence("x", "y", tokenization with { MinimumCount = 0 })),
            ("MaximumLength", ml => ml.Transforms.Text.TokenizeIntoSequence("x", "y", tokenization with { MaximumLength = -1 })),
            ("outputColumnName", ml => ml.Transforms.Text.TokenizeIntoSequence("")),
        ],
    };

    private static Subject OneHot(string what, TestColumn keys) => new($"OneHotSequenceEncoding: {what}",
        (ml, name) => ml.Transforms.Categorical.OneHotSequenceEncoding(name("Hot"), name("Keys")), [keys], ["Hot"])
    {
        Refused = [("outputColumnName", ml => ml.Transforms.Categorical.OneHotSequenceEncoding(""))],
    };

    private static Subject Reshaping(string what, TestColumn numbers, string part) => new($"ReshapeSequence: {what}",
        (ml, name) => ml.Transforms.ReshapeSequence(name("Shaped"), 2, name(part)), [numbers], ["Shaped"])
    {
        Refused =
        [
            ("featuresPerStep", ml => ml.Transforms.ReshapeSequence("x", 0, "y")),
            ("outputColumnName", ml => ml.Transforms.ReshapeSequence("", 2)),
        ],
    };

    private static Subject Stacking(string what, TestColumn numbers, string part) => new($"StackFrames: {what}",
        (ml, name) => ml.Transforms.StackFrames(name("Stacked"), 2, name(part)), [numbers], ["Stacked"])
    {
        Refused =
        [
            ("count", ml => ml.Transforms.StackFrames("x", 0, "y")),
            ("count", ml => ml.Transforms.StackFrames("x", 65_537, "y")),
            ("outputColumnName", ml => ml.Transforms.StackFrames("", 2)),
        ],
    };

    private static Subject Padding(string what, TestColumn sequence, SequenceSide pad, SequenceSide truncate) => new(
        $"PadSequence: {what}",
        (ml, name) => ml.Transforms.PadSequence(name("Padded"), 2, name(sequence.Name), pad, truncate), [sequence], ["Padded"])
    {
        Refused =
        [
            ("length", ml => ml.Transforms.PadSequence("x", 0, "y")),
            ("pad", ml => ml.Transforms.PadSequence("x", 2, "y", pad: (SequenceSide)7)),
            ("truncate", ml => ml.Transforms.PadSequence("x", 2, "y", truncate: (SequenceSide)7)),
            ("outputColumnName", ml => ml.Transforms.PadSequence("", 2)),
        ],
    };

    private static Subject ExtractingSpans() => new("ExtractSpans",
        (ml, name) => ml.Sequences().Tagging.ExtractSpans("Spans", name("Tags"), name("Offsets"), name("Text")),
        [
            TestColumn.Tags("Tags", "O B-A I-A B-B", "B-A I-A O", "", "O B-A B-B", "B-B I-A I-A ?", "O"),
            TestColumn.Offsets("Offsets", [0, 3, 4, 3, 8, 3], [], [0, 3, 4, 1, 4, 3], [0, 1, 2, 3, 0, 0, 5, 1], [0, 0]),
            Text,
        ], ["Spans", "SpansType", "SpansStart", "SpansLength"])
    {
        NamesItsOutputs = false,
        Refused =
        [
            ("outputColumnName", ml => ml.Sequences().Tagging.ExtractSpans("", "a", "b", "c")),
            ("tagColumnName", ml => ml.Sequences().Tagging.ExtractSpans("x", "", "b", "c")),
            ("offsetsColumnName", ml => ml.Sequences().Tagging.ExtractSpans("x", "a", "", "c")),
            ("textColumnName", ml => ml.Sequences().Tagging.ExtractSpans("x", "a", "b", "")),
        ],
    };

    private static Subject Trainer(string name, TestColumn feature, TestColumn label, string[] outputs,
        Func<MLContext, string, string, string, SequenceTrainerOptions, SequenceTrainer> create, TestColumn? beside = null) =>
        new(name,
        (ml, named) => create(ml, named("Label"), named(feature.Name), named("Weight"),
            s_small with { RowFeatureColumnName = beside is null ? null : named(beside.Name) }),
        [feature, label, TestColumn.Of("Weight", NumberDataViewType.Single, 1f, 2, 1, 0.5f, 1),
            .. beside is null ? Array.Empty<TestColumn>() : [beside]], outputs)
        {
            NamesItsOutputs = false,
            OnlyForFit = ["Label", "Weight"],
            Refused =
        [
            Invalid(nameof(s_small.HiddenSize), s_small with { HiddenSize = 0 }),
            Invalid(nameof(s_small.NumberOfLayers), s_small with { NumberOfLayers = 0 }),
            Invalid(nameof(s_small.EmbeddingSize), s_small with { EmbeddingSize = -1 }),
            Invalid(nameof(s_small.Dropout), s_small with { Dropout = 1 }),
            Invalid(nameof(s_small.AverageWeights), s_small with { AverageWeights = 1 }),
            Invalid(nameof(s_small.Pooling), s_small with { Pooling = (SequencePooling)9 }),
            Invalid(nameof(s_small.RowFeatureColumnName), s_small with { RowFeatureColumnName = "" }),
            Invalid(nameof(s_small.FrameScaling), s_small with { FrameScaling = (FrameScaling)9 }),
            Invalid(nameof(s_small.FrameStacking), s_small with { FrameStacking = -1 }),
            Invalid(nameof(s_small.NumberOfEpochs), s_small with { NumberOfEpochs = -1 }),
            Invalid(nameof(s_small.BatchSize), s_small with { BatchSize = -1 }),
            Invalid(nameof(s_small.Optimizer), s_small with { Optimizer = null! }),
            Invalid(nameof(s_small.LearningRate), s_small with { LearningRate = float.NaN }),
            Invalid(nameof(s_small.GradientClipNorm), s_small with { GradientClipNorm = 0 }),
            Invalid(nameof(s_small.NumberOfThreads), s_small with { NumberOfThreads = -1 }),
        ],
        };

    private static Subject Several(string name, params TestColumn[] features) => new(name, (ml, named) =>
        ml.Regression.Trainers.Gru(named("Label"), [.. features.Select(feature => named(feature.Name))], options: s_small),
        [.. features, NumberLabel], ["Score"])
    {
        NamesItsOutputs = false,
        OnlyForFit = ["Label"],
        Refused =
        [
            ("CharacterHiddenSize",
                ml => ml.Regression.Trainers.Rnn("x", ["y"], options: s_small with { CharacterHiddenSize = -1 })),
            ("CharacterEmbeddingSize",
                ml => ml.Regression.Trainers.Rnn("x", ["y"], options: s_small with { CharacterEmbeddingSize = 0 })),
            ("SubwordEmbeddingSize",
                ml => ml.Regression.Trainers.Rnn("x", ["y"], options: s_small with { SubwordEmbeddingSize = -1 })),
            ("NumberOfSubwordBuckets",
                ml => ml.Regression.Trainers.Rnn("x", ["y"], options: s_small with { NumberOfSubwordBuckets = 0 })),
            ("labelColumnName", ml => ml.Regression.Trainers.Lstm("", ["y"])),
            ("featureColumnNames", ml => ml.MulticlassClassification.Trainers.Gru("x", [])),
            ("featureColumnNames", ml => ml.BinaryClassification.Trainers.Rnn("x", ["y", ""])),
            ("featureColumnNames", ml => ml.Regression.Trainers.Gru("x", ["y", "z", "y"])),
        ],
    };

    private static Subject Tagging(string name, Func<MLContext, string, string[], TaggingTrainer> create,
        params TestColumn[] features)
    {
        // As long as the first feature's rows. With one feature, the first label of a row is missing.
        int[] lengths = features[0].Values switch
        {
            VBuffer<float>[] frames => [.. frames.Select(row => row.Length / 2)],
            VBuffer<uint>[] keys => [.. keys.Select(row => row.Length)],
            Array words => [.. words.Cast<VBuffer<ReadOnlyMemory<char>>>().Select(row => row.Length)],
        };
        uint first = features.Length == 1 ? 0u : 1;
        TestColumn label = TestColumn.Keys("Label", 3,
            [.. lengths.Select(length => Enumerable.Range(0, length).Select(t => first + (uint)t % 3).ToArray())]);
        return new(name, (ml, named) => create(ml, named("Label"), [.. features.Select(feature => named(feature.Name))]),
            [.. features, label],
            ["PredictedLabel", "Score"])
        {
            NamesItsOutputs = false,
            OnlyForFit = ["Label"],
            Refused =
            [
                ("HiddenSize", ml => ml.Sequences().Tagging.Trainers.Rnn("x", ["y"], s_tagging with { HiddenSize = 0 })),
                ("TaggingOptions.TagDecoding", ml => ml.Sequences().Tagging.Trainers.Rnn("x", ["y"],
                    s_tagging with { TagDecoding = (TagDecoding)9 })),
                ("TaggingOptions.TagEncoding", ml => ml.Sequences().Tagging.Trainers.Rnn("x", ["y"],
                    s_tagging with { TagEncoding = (TagEncoding)9 })),
                ("CharacterHiddenSize", ml => ml.Sequences().Tagging.Trainers.Rnn("x", ["y"],
                    s_tagging with { CharacterHiddenSize = -1 })),
                ("CharacterEmbeddingSize", ml => ml.Sequences().Tagging.Trainers.Rnn("x", ["y"],
                    s_tagging with { CharacterEmbeddingSize = 0 })),
                ("labelColumnName", ml => ml.Sequences().Tagging.Trainers.Rnn("", ["y"])),
                ("featureColumnNames", ml => ml.Sequences().Tagging.Trainers.Rnn("x", [])),
                ("featureColumnNames", ml => ml.Sequences().Tagging.Trainers.Rnn("x", ["y", ""])),
                ("featureColumnNames", ml => ml.Sequences().Tagging.Trainers.Rnn("x", ["y", "z", "y"])),
            ],
        };
    }

    private static Subject LanguageModel(string name, TestColumn feature,
        Func<MLContext, string, LanguageModelOptions, LanguageModelTrainer> create)
    {
        LanguageModelOptions small =
            new() { HiddenSize = 4, EmbeddingSize = 3, NumberOfEpochs = 2, BatchSize = 2, Seed = 1, NumberOfThreads = 1 };
        (string, Func<MLContext, IEstimator<ITransformer>>) Refused(string option, LanguageModelOptions options) =>
            (option, ml => create(ml, "Features", options));
        return new(name, (ml, named) => create(ml, named(feature.Name), small), [feature], ["Perplexity", "LogProbabilities"])
        {
            NamesItsOutputs = false,
            Refused =
            [
                Refused(nameof(small.HiddenSize), small with { HiddenSize = 0 }),
                Refused(nameof(small.EmbeddingSize), small with { TiedEmbeddings = true }),
                Refused(nameof(small.TruncatedBackpropagationSteps), small with { TruncatedBackpropagationSteps = -1 }),
            ],
        };
    }

    private static Subject Forecast => new("Forecast of a number, with covariates",
        (ml, name) => ml.Forecasting.ForecastByGru(name("Forecast"), [name("Value")], 2, 1,
        s_forecast with
        {
            PastColumnNames = [name("Weather")],
            TimeColumnName = name("Time"),
            SeriesColumnName = name("Series"),
            ConfidenceLowerBoundColumn = name("Low"),
            ConfidenceUpperBoundColumn = name("High"),
        }),
        [
            TestColumn.Of("Value", NumberDataViewType.Single, 1f, 2, 5, 3, 4),
            TestColumn.Numbers("Weather", [2], [1, 0], [0, 3], [0, 0], [4, 0], [0, 5]),
            TestColumn.Of("Time", NumberDataViewType.Int32, 1, 2, 5, 4, 3), TestColumn.Texts("Series", "a", "a", "a", "a", "a"),
        ], ["Forecast", "Low", "High"])
    {
        IsRowToRow = false,
        OfAnyType = ["Time", "Series"],
        Refused =
        [
            ("windowSize", ml => ml.Forecasting.ForecastByLstm("x", ["y"], 0, 1)),
            ("horizon", ml => ml.Forecasting.ForecastByLstm("x", ["y"], 1, 0)),
            ("inputColumnNames", ml => ml.Forecasting.ForecastByLstm("x", [], 1, 1)),
            ("outputColumnName", ml => ml.Forecasting.ForecastByLstm("", ["y"], 1, 1)),
            ("ConfidenceLevel", ml => ml.Forecasting.ForecastByLstm("x", ["y"], 1, 1, s_forecast with { ConfidenceLevel = 0 })),
        ],
    };

    private static readonly ForecastOptions s_forecast =
        new() { HiddenSize = 4, NumberOfEpochs = 2, BatchSize = 2, Seed = 1, NumberOfThreads = 1 };

    private static (string, Func<MLContext, IEstimator<ITransformer>>) Invalid(string option, SequenceTrainerOptions options) =>
        (option, ml => ml.Regression.Trainers.Lstm(options: options));
}
