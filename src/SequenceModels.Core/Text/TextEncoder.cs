namespace SequenceModels.Text;

/// <summary>A tokenizer at work: from texts to keys. Holds buffers: one per cursor or thread.</summary>
internal abstract class TextEncoder
{
    /// <summary>Adds the keys of a text's tokens.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">How many keys at most; the end of the text is cut.</param>
    /// <param name="keys">Added to.</param>
    /// <param name="places">Where not null, gets the place of each token in the text.</param>
    public abstract void Encode(ReadOnlySpan<char> text, int most, List<uint> keys, List<TokenOffset>? places);

    /// <summary>The key of a token that was cut elsewhere; 0 if it is unknown.</summary>
    public abstract uint Find(ReadOnlySpan<char> token);
}

/// <summary>Cuts texts into words or characters and looks these up.</summary>
internal sealed class CutTextEncoder(TokenKind kind, bool lowercase, Vocabulary vocabulary) : TextEncoder
{
    private readonly TextPreparation _preparation = new(kind, lowercase);

    public override void Encode(ReadOnlySpan<char> text, int most, List<uint> keys, List<TokenOffset>? places)
    {
        var ranges = new TokenRanges(_preparation.Prepare(text), kind);
        for (; most > 0 && ranges.MoveNext(); most--)
        {
            keys.Add(vocabulary.Find(ranges.Current));
            places?.Add(_preparation.PlaceOf(ranges.Start, ranges.Length));
        }
    }

    public override uint Find(ReadOnlySpan<char> token) => vocabulary.Find(_preparation.PrepareToken(token));
}
