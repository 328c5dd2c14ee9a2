namespace SequenceModels;

/// <summary>The shape of a recurrent network and how it is trained. Immutable; change a copy with <c>with</c>.</summary>
/// <remarks>Values are checked when a trainer is made from the options; the exception names the option.</remarks>
public record SequenceTrainerOptions
{
    /// <summary>Units in each recurrent layer and direction, 1 to 65,536. Default 128.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>Recurrent layers, one reading the states of the one below, 1 to 64. Default 1.</summary>
    public int NumberOfLayers { get; init; } = 1;

    /// <summary>Whether each layer also reads the sequence from its end, its states beside the forward ones. Default no.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>
    /// Length of the learned vector of each token, 0 to 65,536. Default 64. With 0 tokens enter as one-hot vectors. Frames of
    /// numbers have no embedding: the option has no effect on them.
    /// </summary>
    public int EmbeddingSize { get; init; } = 64;

    /// <summary>
    /// Share of values set to zero in training (the rest is scaled up to keep the mean), at least 0 and less than 1, on the
    /// embeddings, between layers and before the output layer. Default 0.
    /// </summary>
    /// <remarks>Srivastava et al., JMLR 15, 2014; between layers only, not across time: Zaremba et al., arXiv:1409.2329.</remarks>
    public float Dropout { get; init; }

    /// <summary>How the states of all steps become one vector. Default <see cref="SequencePooling.Last"/>.</summary>
    public SequencePooling Pooling { get; init; } = SequencePooling.Last;

    /// <summary>Scaling of numeric frames, fitted on the training rows. No effect on tokens. Default none.</summary>
    public FrameScaling FrameScaling { get; init; } = FrameScaling.None;

    /// <summary>Passes over the training data, at least 1. Default 10.</summary>
    public int NumberOfEpochs { get; init; } = 10;

    /// <summary>Sequences per update of the weights, at least 1. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The update rule. Default Adam.</summary>
    public SequenceOptimizer Optimizer { get; init; } = SequenceOptimizer.Adam();

    /// <summary>Size of the optimizer's steps; positive. Default 0.001.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>
    /// Gradients whose norm over all weights is larger are scaled down to this norm; positive. Default 5.
    /// <see cref="float.PositiveInfinity"/> switches clipping off.
    /// </summary>
    /// <remarks>Pascanu et al., "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1.</remarks>
    public float GradientClipNorm { get; init; } = 5;

    /// <summary>
    /// Seed of the initial weights, the order of rows and dropout. The same seed gives the same model on any number of threads.
    /// Default null: taken from the MLContext.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>Threads that train, 0 to 1,024. Default 0: as many processors as the batch has shards for.</summary>
    public int NumberOfThreads { get; init; }

    /// <summary>Told of the progress several times a second, on the training thread. Default null.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Stops the training within a batch; <c>Fit</c> then throws <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Throws if any value is out of its range, naming the option, the value and the range.</summary>
    internal void Validate()
    {
        Require(HiddenSize is >= 1 and <= 65_536, nameof(HiddenSize), HiddenSize, "between 1 and 65536");
        Require(NumberOfLayers is >= 1 and <= 64, nameof(NumberOfLayers), NumberOfLayers, "between 1 and 64");
        Require(EmbeddingSize is >= 0 and <= 65_536, nameof(EmbeddingSize), EmbeddingSize, "between 0 and 65536 (0 = one-hot)");
        Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "at least 0 and less than 1");
        Require(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, "Last, Mean or Max");
        Require(Enum.IsDefined(FrameScaling), nameof(FrameScaling), FrameScaling, "None or Standard");
        Require(NumberOfEpochs >= 1, nameof(NumberOfEpochs), NumberOfEpochs, "at least 1");
        Require(BatchSize is >= 1 and <= 1_000_000, nameof(BatchSize), BatchSize, "between 1 and 1000000");
        Require(Optimizer is not null, nameof(Optimizer), Optimizer, "SequenceOptimizer.Adam() or SequenceOptimizer.Sgd()");
        Require(LearningRate > 0 && float.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a positive number");
        Require(GradientClipNorm > 0, nameof(GradientClipNorm), GradientClipNorm, "positive (PositiveInfinity = no clipping)");
        Require(NumberOfThreads is >= 0 and <= 1024, nameof(NumberOfThreads), NumberOfThreads, "between 0 and 1024 (0 = automatic)");
    }

    private static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(SequenceTrainerOptions)}.{name} must be {expected}.");
    }
}
