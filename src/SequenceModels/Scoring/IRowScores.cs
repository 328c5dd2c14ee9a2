using SequenceModels.Networks;

namespace SequenceModels.Scoring;

/// <summary>
/// What a network says of the row that a cursor stands on, worked out once for all columns that ask. Spans are good until the
/// cursor moves.
/// </summary>
internal interface IRowScores
{
    /// <summary>[K] the scores of the row; [T, K] where each of its steps has scores.</summary>
    ReadOnlySpan<float> Scores { get; }

    /// <summary>[T] the index of the class that each step is taken for; empty where the scorer has no tags.</summary>
    ReadOnlySpan<int> Tags { get; }

    /// <summary>The sequence that the row becomes; of scorers that give one.</summary>
    FoundSequence Sequence { get; }
}
