using System.Text;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Interop;
using SequenceModels.Training;

namespace SequenceModels.Trainers;

/// <summary>The transformer in a checkpoint: that of the best weights so far.</summary>
internal static class CheckpointModel
{
    private const int KindLength = 8;

    /// <summary>Where transformers that only pass through a file are at home; no generator of a user's is drawn from.</summary>
    private static readonly Lazy<IHostEnvironment> s_nowhere = new(() => new MLContext(seed: 0));

    /// <inheritdoc cref="s_nowhere"/>
    public static IHostEnvironment Nowhere => s_nowhere.Value;

    /// <summary>Reads a transformer.</summary>
    /// <param name="mlContext">Where it will be at home.</param>
    /// <param name="path">The checkpoint.</param>
    /// <param name="format">Of such transformers.</param>
    /// <param name="create">Makes one of a payload.</param>
    /// <exception cref="InvalidDataException">
    /// The file is no checkpoint, is damaged, or is of a training of another kind.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static T Read<T>(MLContext mlContext, string path, ModelFormat format,
        Func<IHostEnvironment, object, T> create)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckpointContent content = Checkpoint.Read(path);
        if (content.Model.Length == 0)
            throw new InvalidDataException($"The checkpoint '{path}' is of {content.Identity.Subject} and holds weights only: " +
                $"{nameof(SequenceModelParameters)}.{nameof(SequenceModelParameters.FromCheckpoint)} reads them.");
        string kind = Encoding.ASCII.GetString(content.Model.AsSpan(0, Math.Min(KindLength, content.Model.Length)));
        if (kind != format.Kind)
            throw new InvalidDataException($"The checkpoint '{path}' is of {content.Identity.Subject}, which is no training " +
                $"of a {typeof(T).Name}." + (ReaderOf(kind) is { } reader ? $" {reader}.FromCheckpoint reads it." : ""));
        using var payload = new MemoryStream(content.Model, writable: false);
        return create(mlContext, payload);
    }

    /// <summary>The type whose FromCheckpoint reads such a payload; null: none does.</summary>
    private static string? ReaderOf(string kind) => kind switch
    {
        "SEQPREDI" => "SequencePredictionTransformer",
        "SEQTAGGI" => "TaggingTransformer",
        "SEQLMODE" => "LanguageModelTransformer",
        "SEQFORCA" => "ForecastTransformer",
        "SEQTRNSF" => "TranslationTransformer",
        _ => null,
    };
}
