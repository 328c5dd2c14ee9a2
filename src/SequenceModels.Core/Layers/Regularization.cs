namespace SequenceModels.Layers;

/// <summary>What learning does to a pass through the network and scoring does not.</summary>
internal readonly record struct Regularization
{
    public static Regularization None => default;

    /// <summary>Of the values between layers.</summary>
    public Dropout Values { get; init; }

    /// <summary>Of the hidden state on its way into the recurrent product.</summary>
    public Dropout Recurrent { get; init; }

    /// <summary>Of whole tokens, which become unknown ones.</summary>
    public Dropout Words { get; init; }

    /// <summary>Runs of steps and of numbers of frames that are hidden.</summary>
    public FrameMasking Frames { get; init; }

    /// <summary>Share of the true class's probability that is spread over all classes.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// What the loss of the outputs without what rows have beside their steps counts, next to the loss of the whole; 0: nothing.
    /// </summary>
    public float AuxiliaryLossWeight { get; init; }

    /// <summary>
    /// Steps between the cuts that no gradient of the state crosses, counted from each sequence's last step in the order of the
    /// layer; 0: there are none.
    /// </summary>
    public int TruncatedSteps { get; init; }
}
