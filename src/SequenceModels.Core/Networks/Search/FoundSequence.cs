namespace SequenceModels.Networks;

/// <summary>A sequence that a search has found.</summary>
/// <param name="Tokens">[T] without what it began with, and without the end.</param>
/// <param name="LogProbability">Natural logarithm of the probability of the tokens, and of the end where it was reached.</param>
/// <param name="Score">That by which sequences are ranked: with the penalties.</param>
/// <param name="IsFinished">Whether the end was reached; else the sequence was cut at the largest length.</param>
/// <param name="Attention">[T][S] what was looked at for each token; empty where nothing was, or it is not wanted.</param>
internal sealed record FoundSequence(uint[] Tokens, double LogProbability, double Score, bool IsFinished, float[][] Attention)
{
    /// <summary>[T] where each token is said in what was read; empty where nobody knows.</summary>
    public IReadOnlyList<TokenTime> Times { get; init; } = [];
}
