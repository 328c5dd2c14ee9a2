using Microsoft.ML;
using static SequenceModels.Fuzz.FuzzData;

namespace SequenceModels.Fuzz;

/// <summary>Every kind of file that the library reads, each as small as it can be.</summary>
internal static class FuzzSubjects
{
    /// <summary>Files of their own.</summary>
    private static readonly (string Name, Func<FuzzSubject> Make)[] s_files =
    [
        ("network", () => OwnFiles.Network("network", OwnFiles.Binary(Small with { FrameScaling = FrameScaling.Standard }))),
        ("8-bit network", () => OwnFiles.Network("8-bit network",
            OwnFiles.Binary(Small with { HiddenSize = 32 }).WithEightBitWeights())),
        ("stepper", () => OwnFiles.Stepper(OwnFiles.Binary(Small with { Pooling = SequencePooling.Mean }))),
        ("generator", OwnFiles.Generator),
        ("checkpoint", OwnFiles.Checkpoint),
        ("tagger", OwnFiles.Tagger),
        ("translator", OwnFiles.Translator),
        ("transcriber", OwnFiles.Transcriber),
        ("transcription-state", OwnFiles.TranscriptionState),
        ("forecast-model", OwnFiles.ForecastModel),
        ("forecast-state", OwnFiles.ForecastState),
        ("engine-state", OwnFiles.EngineState),
        ("pytorch-weights", () => ForeignFiles.Weights("pytorch-weights", new PyTorchNames())),
        ("keras-weights", () => ForeignFiles.Weights("keras-weights", new KerasNames())),
        ("word-vectors", ForeignFiles.WordVectors),
        ("tensor-vectors", ForeignFiles.TensorVectors),
        ("vector-vocabulary", ForeignFiles.VectorVocabulary),
        ("byte-pair-vocabulary", ForeignFiles.BytePairVocabulary),
        ("byte-pair-merges", ForeignFiles.BytePairMerges),
        ("word-piece", ForeignFiles.WordPiece),
        ("sentence-piece", ForeignFiles.SentencePiece),
        ("wav", ForeignFiles.Wave),
    ];

    /// <summary>Parts of a model file: what the last transformer of each chain puts there, and a column that it makes.</summary>
    private static readonly (string Name, Func<MLContext, IEstimator<ITransformer>> Make, string Output)[] s_parts =
    [
        ("binary", ml => ml.BinaryClassification.Trainers.Lstm(featureColumnName: "Numbers", options: Small), "Score"),
        ("multiclass", ml => Keys(ml).Append(ml.Transforms.Conversion.MapValueToKey("Label", "Class"))
            .Append(ml.MulticlassClassification.Trainers.Gru(featureColumnName: "Tokens", options: Small)), "Score"),
        ("regression", ml => ml.Transforms.CopyColumns("Label", "Number")
            .Append(ml.Regression.Trainers.Rnn(featureColumnName: "Numbers", options: Small)), "Score"),
        ("row-features", ml => ml.BinaryClassification.Trainers.Rnn(featureColumnName: "Numbers",
            options: Small with { RowFeatureColumnName = "Number" }), "Score"),
        ("texts", ml => ml.BinaryClassification.Trainers.TextGru(options: new TextTrainerOptions
        {
            HiddenSize = 2, EmbeddingSize = 2, NumberOfEpochs = 1, MaximumNGrams = 5, Seed = 1,
        }), "Score"),
        ("features", ml => Keys(ml).Append(ml.Regression.Trainers.Gru("Number", ["Words", "Tokens"], options: Small)), "Score"),
        ("word-parts", ml => Keys(ml).Append(ml.Regression.Trainers.Gru("Number", ["Words", "Tokens"], options: Small with
        {
            CharacterHiddenSize = 2, SubwordEmbeddingSize = 2, NumberOfSubwordBuckets = 9,
        })), "Score"),
        ("tagging", ml => Keys(ml).Append(ml.Transforms.Conversion.MapValueToKey("Label", "Tags"))
            .Append(ml.Sequences().Tagging.Trainers.Lstm("Label", ["Tokens", "Words"], Tags)), "Score"),
        ("transcription", ml => ml.Transforms.Conversion.MapValueToKey("Label", "Tags")
            .Append(ml.Sequences().Transcription.Trainers.Lstm("Label", "Numbers", Ctc)), "Score"),
        ("language", ml => Keys(ml).Append(ml.Sequences().LanguageModeling.Trainers.Gru("Tokens", Language)), "LogProbabilities"),
        ("translation", Translating, "PredictedLabel"),
        ("featurizing", ml => Keys(ml).Append(ml.Sequences().Featurize("Vector", ml.Sequences().LanguageModeling.Trainers
            .Gru("Tokens", Language).Fit(Keys(ml).Fit(Rows(ml)).Transform(Rows(ml))))), "Vector"),
        ("forecast", ml => ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 4, 2, Forecast), "Forecast"),
        ("tokenizing", Keys, "Tokens"),
        ("subwords",
            ml => ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", SequenceTokenization.Subwords(262)), "Tokens"),
        ("detokenizing", ml => Keys(ml).Append(ml.Transforms.Text.DetokenizeSequence("Joined", "Tokens")), "Joined"),
        ("one-hot", ml => Keys(ml).Append(ml.Transforms.Categorical.OneHotSequenceEncoding("Hot", "Tokens")), "Hot"),
        ("reshaping", ml => ml.Transforms.ReshapeSequence("Frames", 2, "Numbers"), "Frames"),
        ("stacking", ml => ml.Transforms.StackFrames("Stacked", 3, "Numbers"), "Stacked"),
        ("mfcc", ml => ml.Transforms.MfccFrames("Mel", "Numbers", new() { SampleRate = 8000, NumberOfFilters = 2,
        NumberOfCoefficients = 2 }), "Mel"),
        ("padding", ml => ml.Transforms.PadSequence("Padded", 3, "Numbers"), "Padded"),
    ];

    /// <summary>The names, and what makes each.</summary>
    public static IReadOnlyDictionary<string, Func<FuzzSubject>> All { get; } = Make();

    private static Dictionary<string, Func<FuzzSubject>> Make()
    {
        Dictionary<string, Func<FuzzSubject>> all = s_files.ToDictionary(file => file.Name, file => file.Make);
        foreach ((string name, Func<MLContext, IEstimator<ITransformer>> make, string output) in s_parts)
            all.Add(name, () => ModelPart.Of(name, make, output));
        return all;
    }
}
