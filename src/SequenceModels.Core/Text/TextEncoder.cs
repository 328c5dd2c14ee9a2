namespace SequenceModels.Text;

/// <summary>A tokenizer at work: from texts to keys. Holds buffers: one per cursor or thread.</summary>
internal abstract class TextEncoder
{
    /// <summary>Adds the keys of a text's tokens.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">How many keys at most; the end of the text is cut.</param>
    /// <param name="keys">Added to.</param>
    /// <param name="offsets">Where not null, gets the place of each token in the text.</param>
    public abstract void Encode(ReadOnlySpan<char> text, int most, List<uint> keys, List<TokenOffset>? offsets);

    /// <summary>The key of a token that was cut elsewhere; 0 if it is unknown.</summary>
    public abstract uint Find(ReadOnlySpan<char> token);
}
