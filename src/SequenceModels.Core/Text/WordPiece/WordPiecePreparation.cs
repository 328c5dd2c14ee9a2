namespace SequenceModels.Text;

/// <summary>Prepares texts for word pieces.</summary>
/// <param name="lowercase">Whether letters are lowered and lose their accents.</param>
internal sealed class WordPiecePreparation(bool lowercase) : TextPreparation
{
    private readonly TextWithOffsets _normalized = new();

    public override ReadOnlySpan<char> Prepare(ReadOnlySpan<char> text)
    {
        WordPieceNormalizer.Normalize(text, lowercase, _normalized);
        return _normalized.Text;
    }

    public override ReadOnlySpan<char> PrepareToken(ReadOnlySpan<char> token) => Prepare(token).Trim();

    public override TokenOffset SourceOf(int start, int length) => _normalized.SourceOf(start, length);
}
