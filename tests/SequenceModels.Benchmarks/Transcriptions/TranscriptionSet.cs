using Microsoft.ML;

namespace SequenceModels.Benchmarks.Transcriptions;

/// <summary>Recordings and what is said in them, in three parts. Recipes are chosen on dev; test is read once, at the end.</summary>
/// <param name="Name">Names it on the command line.</param>
/// <param name="Train">To learn from.</param>
/// <param name="Dev">To choose by.</param>
/// <param name="Test">To be measured with.</param>
/// <param name="Frames">Makes Features of a row.</param>
/// <param name="Reached">What others have reached, in words.</param>
internal sealed record TranscriptionSet(string Name, IReadOnlyList<TranscriptionRow> Train, IReadOnlyList<TranscriptionRow> Dev,
    IReadOnlyList<TranscriptionRow> Test, Func<MLContext, IEstimator<ITransformer>> Frames, string Reached)
{
    /// <summary>How a set is read from the folder of all data sets, by its name.</summary>
    public static IReadOnlyDictionary<string, Func<string, TranscriptionSet>> All { get; } =
        new Dictionary<string, Func<string, TranscriptionSet>> { ["an4-speech"] = An4.Load, ["spoken-digits"] = DigitStrings.Load };
}
