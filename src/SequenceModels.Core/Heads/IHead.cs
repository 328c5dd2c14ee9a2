namespace SequenceModels.Heads;

/// <summary>What the outputs mean: the loss that trains them and the scores that come of them.</summary>
internal interface IHead
{
    HeadKind Kind { get; }

    /// <summary>The loss of one example; the outputs are replaced by their gradient.</summary>
    /// <param name="outputs">[K] as the output layer gave them; then dLoss/dOutput.</param>
    /// <param name="label">What they should have said.</param>
    double Loss(Span<float> outputs, float label);

    /// <summary>Turns outputs into scores, in place.</summary>
    /// <param name="outputs">[K].</param>
    void Predict(Span<float> outputs);
}
