namespace SequenceModels.Text;

/// <summary>Cuts texts into words or characters and looks these up.</summary>
internal sealed class VocabularyEncoder(TokenKind kind, bool lowercase, Vocabulary vocabulary) : TextEncoder
{
    private readonly TextPreparation _preparation = TextPreparation.For(kind, lowercase);

    public override void Encode(ReadOnlySpan<char> text, int most, List<uint> keys, List<TokenOffset>? offsets)
    {
        var ranges = new TokenRanges(_preparation.Prepare(text), kind);
        for (; most > 0 && ranges.MoveNext(); most--)
        {
            keys.Add(vocabulary.Find(ranges.Current));
            offsets?.Add(_preparation.SourceOf(ranges.Start, ranges.Length));
        }
    }

    public override uint Find(ReadOnlySpan<char> token) => vocabulary.Find(_preparation.PrepareToken(token));
}
