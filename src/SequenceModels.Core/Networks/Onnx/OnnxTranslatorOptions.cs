namespace SequenceModels;

/// <summary>What <see cref="SequenceTranslator.ExportOnnx(string, string, OnnxTranslatorOptions?)"/> writes.</summary>
public sealed class OnnxTranslatorOptions
{
    /// <summary>
    /// The tokens of the source's keys 1 to <see cref="SequenceTranslator.SourceSize"/>, written into the encoder's metadata
    /// under <c>vocabulary</c> as a JSON array. Default: none.
    /// </summary>
    public IReadOnlyList<string>? SourceVocabulary { get; init; }

    /// <summary>
    /// The tokens of the target's keys 1 to <see cref="SequenceTranslator.TargetSize"/>, written into the decoder's metadata
    /// under <c>vocabulary</c> as a JSON array. Default: none.
    /// </summary>
    public IReadOnlyList<string>? TargetVocabulary { get; init; }
}
