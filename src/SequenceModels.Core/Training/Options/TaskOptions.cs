using SequenceModels.Layers;

namespace SequenceModels.Training;

/// <summary>Options that only some tasks have. Where a task does not have one, it is the value that changes nothing.</summary>
internal readonly record struct TaskOptions()
{
    public float EmbeddingDeviation { get; init; } = 1;

    public WordVectors? PretrainedVectors { get; init; }

    public float WordDropout { get; init; }

    public FrameScaling FrameScaling { get; init; }

    /// <summary>How many steps of frames are read as one; 0: by the rows. Null: each is read alone.</summary>
    public int? FrameStacking { get; init; }

    /// <summary>What is hidden of frames in training.</summary>
    public FrameMasks FrameMasks { get; init; }

    public float LabelSmoothing { get; init; }

    public float AuxiliaryLossWeight { get; init; }

    public ClassWeights? ClassWeights { get; init; }

    public int FrozenEpochs { get; init; }

    public float LayerRateDecay { get; init; } = 1;

    /// <summary>Windows, which are rows, that an epoch learns from at most, drawn anew for each; 0: all.</summary>
    public int WindowsPerEpoch { get; init; }
}
