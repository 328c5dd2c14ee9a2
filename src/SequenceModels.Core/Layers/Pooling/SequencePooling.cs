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
}
