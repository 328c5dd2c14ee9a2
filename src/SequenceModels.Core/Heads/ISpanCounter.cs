namespace SequenceModels.Heads;

/// <summary>
/// Compares the spans that the classes of a sequence's steps make up. Has memory that the next sequence uses again: one per
/// thread.
/// </summary>
internal interface ISpanCounter
{
    /// <summary>Counts the spans of a sequence.</summary>
    /// <param name="labels">[T] the class of each step; NaN: it is not known, and the step is left out.</param>
    /// <param name="decisions">[T] the classes that were decided upon.</param>
    SpanCounts Count(ReadOnlySpan<float> labels, ReadOnlySpan<float> decisions);
}

/// <summary>How many spans there are, each by the weight of its sequence.</summary>
/// <param name="Labelled">That the labels have.</param>
/// <param name="Predicted">That the decisions have.</param>
/// <param name="Right">That both have.</param>
internal readonly record struct SpanCounts(double Labelled, double Predicted, double Right)
{
    /// <summary>Harmonic mean of precision and recall; 0 where no span is right.</summary>
    public double F1Score => Right == 0 ? 0 : 2 * Right / (Labelled + Predicted);

    public SpanCounts Plus(SpanCounts other, double times = 1) => new(Labelled + times * other.Labelled,
        Predicted + times * other.Predicted, Right + times * other.Right);
}
