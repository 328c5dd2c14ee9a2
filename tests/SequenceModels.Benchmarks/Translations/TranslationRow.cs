namespace SequenceModels.Benchmarks.Translations;

/// <summary>A sequence of tokens and the one that it becomes; both are columns of vectors of text, and of text.</summary>
/// <param name="Source">What is read.</param>
/// <param name="Target">What is to be written.</param>
internal sealed record TranslationRow(string[] Source, string[] Target)
{
    public string SourceText => string.Join(' ', Source);

    public string TargetText => string.Join(' ', Target);
}
