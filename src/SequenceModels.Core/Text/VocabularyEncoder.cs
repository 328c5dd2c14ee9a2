namespace SequenceModels.Text;

/// <summary>Cuts texts into words or characters and looks these up.</summary>
/// <param name="kind">What is cut out.</param>
/// <param name="lowercase">Whether upper and lower case are one.</param>
/// <param name="digits">Whether all digits are one.</param>
/// <param name="vocabulary">Where tokens are looked up.</param>
internal sealed class VocabularyEncoder(TokenKind kind, bool lowercase, bool digits, Vocabulary vocabulary) : TextEncoder
{
    private readonly TextPreparation _preparation = TextPreparation.For(kind, lowercase);
    private readonly DigitFolding _digits = new(digits);

    public override void Encode(ReadOnlySpan<char> text, int most, List<uint> keys, List<TokenOffset>? offsets)
    {
        var ranges = new TokenRanges(_preparation.Prepare(text), kind);
        for (; most > 0 && ranges.MoveNext(); most--)
        {
            keys.Add(vocabulary.Find(_digits.Fold(ranges.Current)));
            offsets?.Add(_preparation.SourceOf(ranges.Start, ranges.Length));
        }
    }

    public override uint Find(ReadOnlySpan<char> token) =>
        vocabulary.Find(_digits.Fold(_preparation.PrepareToken(token)));
}
