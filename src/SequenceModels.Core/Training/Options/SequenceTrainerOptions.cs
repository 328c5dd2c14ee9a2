using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// The shape of a network that gives each sequence one answer, and how it is trained. Immutable; change a copy with <c>with</c>.
/// </summary>
public record SequenceTrainerOptions : SequenceInputOptions
{
    /// <summary>
    /// Whether each layer also reads the sequence from its end, its states beside the forward ones. Default no.
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>How the states of all steps become one vector. Default <see cref="SequencePooling.Last"/>.</summary>
    public SequencePooling Pooling { get; init; } = SequencePooling.Last;

    /// <summary>What each class counts in the training loss. Of classification only. Default null: all alike.</summary>
    public ClassWeights? ClassWeights { get; init; }

    internal override TaskOptions TaskOptions => base.TaskOptions with { ClassWeights = ClassWeights };

    internal override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, "Last, Mean, Max, Attention or MaxMeanLast");
    }
}
