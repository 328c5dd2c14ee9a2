namespace SequenceModels;

/// <summary>How the hidden states of all steps become the one vector that the output layer reads.</summary>
public enum SequencePooling
{
    /// <summary>
    /// The state after the last step. Of a bidirectional layer: the forward pass's last state beside the backward pass's
    /// state at the first step, which is its last.
    /// </summary>
    Last,

    /// <summary>The mean of the states of all steps.</summary>
    Mean,

    /// <summary>For each unit the largest value that it took at any step.</summary>
    Max,

    /// <summary>
    /// A mean of the states of all steps that is weighted by how much each counts, which is learned: weights are the softmax of
    /// a learned vector's product with each state. Begins as <see cref="Mean"/>.
    /// </summary>
    /// <remarks>Felbo et al., EMNLP 2017, section 3.2.</remarks>
    Attention,

    /// <summary>
    /// <see cref="Max"/>, <see cref="Mean"/> and <see cref="Last"/> side by side: three times as many numbers.
    /// </summary>
    /// <remarks>
    /// Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", ACL 2018, section 3.3.
    /// </remarks>
    MaxMeanLast,
}
