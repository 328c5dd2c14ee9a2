namespace SequenceModels.Training;

/// <summary>What options have that depend on what is learned, where they were not set.</summary>
internal sealed record TrainingDefaults
{
    /// <summary>Of every training that has none of its own.</summary>
    public static TrainingDefaults OfAll { get; } = new();

    public float Dropout { get; init; }

    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Updates that are enough where the number of epochs is automatic.</summary>
    public int Updates { get; init; } = 1_000;

    /// <summary>The least and the largest number of epochs that these may take.</summary>
    public (int Least, int Most) Epochs { get; init; } = (10, 50);
}
