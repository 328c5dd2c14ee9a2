namespace SequenceModels;

/// <summary>What the outputs of a network mean.</summary>
public enum SequenceNetworkOutput
{
    /// <summary>One of several classes: a score is the classes' probabilities, by softmax.</summary>
    Classes,

    /// <summary>Yes or no: a score is the logit, which is positive for yes.</summary>
    BinaryClass,

    /// <summary>A number: a score is the output as it is.</summary>
    Number,
}
