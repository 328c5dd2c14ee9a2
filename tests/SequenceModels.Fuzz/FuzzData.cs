using Microsoft.ML;

namespace SequenceModels.Fuzz;

/// <summary>Rows and options from which each kind of file is made, as small as it can be.</summary>
internal static class FuzzData
{
    public static SequenceTrainerOptions Small { get; } = new()
    {
        HiddenSize = 2, EmbeddingSize = 2, NumberOfEpochs = 1, BatchSize = 4, NumberOfThreads = 1, Seed = 1,
    };

    public static ForecastOptions Forecast { get; } = new()
    {
        HiddenSize = 2, NumberOfEpochs = 1, BatchSize = 4, NumberOfThreads = 1, Seed = 1, ValidationFraction = 0,
    };

    public static TaggingOptions Tags { get; } = new()
    {
        HiddenSize = 2, EmbeddingSize = 2, NumberOfEpochs = 1, BatchSize = 4, NumberOfThreads = 1, Seed = 1,
        TagDecoding = TagDecoding.Crf, CharacterHiddenSize = 2, CharacterEmbeddingSize = 2,
    };

    public static LanguageModelOptions Language { get; } = new()
    {
        HiddenSize = 2, EmbeddingSize = 2, NumberOfEpochs = 1, BatchSize = 4, NumberOfThreads = 1, Seed = 1,
    };

    public static TranscriptionOptions Ctc { get; } = new()
    {
        HiddenSize = 2, NumberOfEpochs = 1, BatchSize = 4, NumberOfThreads = 1, Seed = 1, BeamSize = 2,
    };

    public static MLContext NewContext() => new(seed: 1);

    /// <summary>Twelve rows of two kinds.</summary>
    public static IDataView Rows(MLContext ml) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new FuzzRow
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

    /// <summary>Text to Tokens.</summary>
    public static IEstimator<ITransformer> Keys(MLContext ml) => ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text");
}
