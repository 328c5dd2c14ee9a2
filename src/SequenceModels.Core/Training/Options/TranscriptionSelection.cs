namespace SequenceModels;

/// <summary>Which figure of the validation rows tells that one epoch of a transcription is better than another.</summary>
public enum TranscriptionSelection
{
    /// <summary>The mean loss of a token: the smallest is the best.</summary>
    Loss,

    /// <summary>
    /// <see cref="ValidationMetrics.TokenErrorRate"/> of the likeliest output of each step: the smallest is the best.
    /// </summary>
    TokenErrorRate,

    /// <summary>
    /// <see cref="ValidationMetrics.SequenceErrorRate"/> of the likeliest output of each step: the smallest is the best.
    /// </summary>
    SequenceErrorRate,
}
