namespace SequenceModels;

/// <summary>What a <see cref="SequenceTranscriber"/> has heard in a sequence, as keys.</summary>
/// <param name="Tokens">[L] keys from 1.</param>
/// <param name="Times">
/// [L] where each token is said: in the likeliest of all ways in which the steps may spell these tokens.
/// </param>
/// <param name="LogProbability">Natural logarithm of the probability of the tokens: of all ways to spell them together.</param>
/// <param name="Score">
/// That by which sequences are ranked: with a beam what its hypotheses have of this probability, with what the language model
/// says and the bonus for length.
/// </param>
public sealed record TranscribedSequence(IReadOnlyList<uint> Tokens, IReadOnlyList<TokenTime> Times, double LogProbability,
    double Score)
{
    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(TranscribedSequence), PrintMembers);
}
