namespace SequenceModels.Heads;

/// <summary>What a network's outputs come to over some rows, each row of outputs by its weight.</summary>
/// <param name="Loss">The sum of losses.</param>
/// <param name="Weight">The sum of weights.</param>
/// <param name="Correct">The weights of those whose class is right.</param>
/// <param name="SquaredError">The sum of squared errors.</param>
/// <param name="Compared">The weights of the decisions that squared errors are of: those whose label is known.</param>
internal readonly record struct MeasuredOutputs(double Loss, double Weight, double Correct = 0, double SquaredError = 0,
    double Compared = 0)
{
    /// <summary>
    /// The labels' sum of squared deviations from their mean; of outputs with <see cref="OutputLayer.StandardisesLabels"/>.
    /// </summary>
    public double SquaredDeviation { get; init; }

    /// <summary>Of rows of outputs with <see cref="OutputLayer.HasLogit"/>, where each sequence has one.</summary>
    public double? AreaUnderRocCurve { get; init; }

    /// <summary>Of steps whose classes make up spans.</summary>
    public SpanCounts Spans { get; init; }

    public double MeanLoss => Loss / Weight;

    public double Accuracy => Correct / Weight;

    public MeasuredOutputs Plus(MeasuredOutputs other) =>
        new(Loss + other.Loss, Weight + other.Weight, Correct + other.Correct, SquaredError + other.SquaredError,
            Compared + other.Compared)
        {
            Spans = Spans.Plus(other.Spans),
        };
}
