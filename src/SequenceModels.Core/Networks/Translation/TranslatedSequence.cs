namespace SequenceModels;

/// <summary>A translation that a <see cref="SequenceTranslator"/> has found, as keys.</summary>
/// <param name="Tokens">[T] keys of the target's vocabulary from 1; 0: the unknown token, where a model may give it.</param>
/// <param name="LogProbability">
/// Natural logarithm of the probability of the tokens, and of the end behind them where it was reached.
/// </param>
/// <param name="Score">That by which translations are ranked: with the penalties for length and coverage.</param>
/// <param name="IsComplete">Whether the end was reached; else the translation was cut at its largest length.</param>
/// <param name="Attention">
/// [T][S] what each step of the source counted at each token, each row summing to 1; empty where the model has no attention.
/// </param>
public sealed record TranslatedSequence(IReadOnlyList<uint> Tokens, double LogProbability, double Score, bool IsComplete,
    IReadOnlyList<IReadOnlyList<float>> Attention)
{
    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(TranslatedSequence), PrintMembers);
}
