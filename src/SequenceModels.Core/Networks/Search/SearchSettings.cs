namespace SequenceModels.Networks;

/// <summary>How the likeliest sequences are looked for.</summary>
/// <param name="BeamSize">Hypotheses that are kept at each step, at least 1. 1: the likeliest token is taken each time.</param>
/// <param name="LengthPenalty">α of the length penalty; 0: none.</param>
/// <param name="CoveragePenalty">β of the coverage penalty; 0: none.</param>
/// <param name="Answers">How many sequences are wanted of each source, at most BeamSize.</param>
/// <param name="AllowsUnknown">Whether the unknown token may be part of a sequence.</param>
internal readonly record struct SearchSettings(int BeamSize, float LengthPenalty = 0, float CoveragePenalty = 0, int Answers = 1,
    bool AllowsUnknown = false)
{
    /// <summary>What a sequence's logarithm of probability is divided by: ((5 + |Y|) / 6)^α, |Y| counting the end.</summary>
    /// <remarks>
    /// Wu et al., "Google's Neural Machine Translation System: Bridging the Gap between Human and Machine Translation", 2016,
    /// equation 14.
    /// </remarks>
    public double LengthFactor(int length) => LengthPenalty == 0 ? 1 : Math.Pow((5.0 + length) / 6, LengthPenalty);
}
