namespace SequenceModels;

/// <summary>A translation that a <see cref="Translator"/> gives.</summary>
/// <param name="Text">The tokens joined as the target's texts were.</param>
/// <param name="Tokens">[T] the texts of the tokens; of an unknown one, what was copied from the source, or "\ufffd".</param>
/// <param name="Keys">[T] their keys in the target's vocabulary; 0: unknown.</param>
/// <param name="LogProbability">
/// Natural logarithm of the probability of the tokens, and of the end behind them where it was reached.
/// </param>
/// <param name="Score">That by which answers are ranked: with the penalties for length and coverage.</param>
/// <param name="IsComplete">Whether the end was reached; else the translation was cut at its largest length.</param>
/// <param name="SourceTokens">[S] the texts of the source's tokens.</param>
/// <param name="Attention">
/// [T][S] what each token of the source counted at each token of the translation, each row summing to 1; empty where the model
/// has no attention.
/// </param>
public sealed record TranslationAnswer(string Text, IReadOnlyList<string> Tokens, IReadOnlyList<uint> Keys, double LogProbability,
    double Score, bool IsComplete, IReadOnlyList<string> SourceTokens, IReadOnlyList<IReadOnlyList<float>> Attention)
{
    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(TranslationAnswer), PrintMembers);
}
