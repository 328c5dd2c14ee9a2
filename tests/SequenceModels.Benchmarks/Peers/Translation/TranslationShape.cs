namespace SequenceModels.Benchmarks.Peers;

/// <summary>
/// What writes a translation: an LSTM of one layer and one direction that begins where the workload's layers ended, general
/// attention over all their states, and a token at each step.
/// </summary>
/// <param name="Steps">Tokens of each target, the end counted.</param>
/// <param name="Vocabulary">Tokens that there are, unknown ones and the end counted.</param>
/// <param name="EmbeddingSize">Length of a token's vector.</param>
/// <param name="HiddenSize">H of the decoder.</param>
/// <param name="BeamSize">Hypotheses of a source that are kept at each step of a search.</param>
internal sealed record TranslationShape(int Steps, int Vocabulary, int EmbeddingSize, int HiddenSize, int BeamSize)
{
    /// <summary>
    /// Floating-point operations in the matrix products of one step of one sequence: gates, attention (of a source of
    /// <paramref name="sourceSteps"/> states of <paramref name="sourceSize"/> numbers), and outputs.
    /// </summary>
    public double FlopsPerStep(int sourceSteps, int sourceSize) => 2.0 * HiddenSize * (
        4 * (EmbeddingSize + HiddenSize) // gates
        + sourceSize // the state that attention compares
        + sourceSize + HiddenSize // what is found and the state, to what the outputs read
        + Vocabulary)
        + 2.0 * 2 * sourceSteps * sourceSize; // scores, and the weighted sum
}
