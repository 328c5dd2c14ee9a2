namespace SequenceModels.Training;

/// <summary>What options have that depend on what is learned, where they were not set.</summary>
internal readonly record struct TrainingDefaults(float Dropout, float LearningRate)
{
    /// <summary>Of every training that has none of its own.</summary>
    public static TrainingDefaults OfAll { get; } = new(Dropout: 0, LearningRate: 1e-3f);
}
