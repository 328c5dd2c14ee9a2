namespace SequenceModels.Generation;

/// <summary>Tells whether a token that was written ends the text.</summary>
/// <param name="keys">Tokens that do.</param>
/// <param name="texts">What ends it where a token adds it: also the last of several tokens that one character is made of.</param>
internal sealed class StopTokens(IReadOnlySet<uint> keys, IReadOnlySet<string> texts)
{
    /// <summary>Tokens that end a text.</summary>
    public IReadOnlySet<uint> Keys => keys;

    /// <param name="key">The token.</param>
    /// <param name="text">What it adds to the text.</param>
    public bool Ends(uint key, string text) => keys.Contains(key) || texts.Contains(text);
}
