namespace SequenceModels;

/// <summary>What one pass over the training data came to: a row of a model's History.</summary>
public sealed record TrainingEpoch
{
    /// <summary>Number of the pass, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The learning rate of its last update.</summary>
    public required float LearningRate { get; init; }

    /// <summary>
    /// Mean training loss per example, each taken when its batch was trained on: with dropout, label smoothing and class weights,
    /// and before the batch moved the weights. It is no measure of the epoch's final weights; <see cref="Validation"/> is.
    /// </summary>
    public required double TrainingLoss { get; init; }

    /// <summary>Mean over the epoch's updates of the gradient's Euclidean norm, before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The largest of these norms.</summary>
    public required double LargestGradientNorm { get; init; }

    /// <summary>The weights at the end of the epoch, measured on all validation rows. Null where there are none.</summary>
    public ValidationMetrics? Validation { get; init; }

    /// <summary>Whether the model has the weights of the end of this epoch.</summary>
    public bool IsSelected { get; init; }

    /// <summary>Time that the epoch took, validation included.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Time steps (tokens or frames) trained on per second of the epoch, validation not included.</summary>
    public required double StepsPerSecond { get; init; }

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(TrainingEpoch), PrintMembers);
}
