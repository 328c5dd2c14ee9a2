namespace SequenceModels.Scoring;

/// <summary>What a network with an output for every step says of the row that a cursor stands on. Spans are good until it moves.</summary>
internal interface IStepScores
{
    /// <summary>[T, K] the scores of each step's classes.</summary>
    ReadOnlySpan<float> Scores { get; }

    /// <summary>[T] the index of the class that each step is taken for.</summary>
    ReadOnlySpan<int> Tags { get; }
}
