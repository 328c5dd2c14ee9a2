namespace SequenceModels.Text;

/// <summary>Prepares texts for a model of SentencePiece, after lowering them where that is asked for.</summary>
/// <param name="normalizer">The model's.</param>
/// <param name="lowercase">Whether upper and lower case are one.</param>
internal sealed class SentencePiecePreparation(SentencePieceNormalizer normalizer, bool lowercase) : TextPreparation
{
    private readonly TextPreparation _first = For(TokenKind.SentencePiece, lowercase);
    private readonly TextWithOffsets _normalized = new();

    public override ReadOnlySpan<char> Prepare(ReadOnlySpan<char> text)
    {
        normalizer.Normalize(_first.Prepare(text), _normalized);
        return _normalized.Text;
    }

    public override TokenOffset SourceOf(int start, int length)
    {
        (start, length) = _normalized.SourceOf(start, length);
        return _first.SourceOf(start, length);
    }
}
