namespace SequenceModels;

/// <summary>A token that a language model has written.</summary>
/// <param name="Key">Its key in the vocabulary, from 1.</param>
/// <param name="Token">Its text in the vocabulary.</param>
/// <param name="Text">
/// What it adds to the text, white space between words included. Only whole characters: empty where a token is a part of one,
/// and then the token that completes it adds it. Where texts were cut into code points
/// (<see cref="SequenceTokenization.Decomposed"/>) it is the code point: put together, they are the text in its decomposed form.
/// </param>
/// <param name="LogProbability">
/// The natural logarithm of the model's own probability for it, before temperature and other options.
/// </param>
public readonly record struct GeneratedToken(uint Key, string Token, string Text, float LogProbability)
{
    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(GeneratedToken), PrintMembers);
}

/// <summary>How likely a language model finds a token of a text.</summary>
/// <param name="Key">Its key in the vocabulary; 0: unknown.</param>
/// <param name="Token">Its text in the vocabulary.</param>
/// <param name="LogProbability">
/// The natural logarithm of its probability after the tokens before it; NaN for the first, which the model has nothing to tell
/// from.
/// </param>
public readonly record struct ScoredToken(uint Key, string Token, float LogProbability)
{
    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(ScoredToken), PrintMembers);
}
