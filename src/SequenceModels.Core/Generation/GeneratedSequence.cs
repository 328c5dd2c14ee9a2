namespace SequenceModels;

/// <summary>A text that a language model's search has found.</summary>
/// <param name="Text">What the tokens add to the prompt. Whole characters.</param>
/// <param name="Tokens">Its tokens, without the one that ended it.</param>
/// <param name="LogProbability">
/// Natural logarithm of the probability of the tokens, given the prompt, and of the token behind them that ended the text, where
/// one did.
/// </param>
/// <param name="Score">That by which texts are ranked: with the penalty for length.</param>
/// <param name="IsComplete">Whether a token ended it; else it was cut at the largest length.</param>
public sealed record GeneratedSequence(string Text, IReadOnlyList<GeneratedToken> Tokens, double LogProbability, double Score,
    bool IsComplete)
{
    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(GeneratedSequence), PrintMembers);
}
