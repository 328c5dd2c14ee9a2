namespace SequenceModels.Reports;

/// <summary>What a network says of rows whose labels are known.</summary>
internal sealed record Predictions
{
    /// <summary>K of the network, whether they occur or not; 0 for regression.</summary>
    public required int Classes { get; init; }

    /// <summary>The classes that occur, as a label or as a prediction, in the order of their keys.</summary>
    public required string[] ClassNames { get; init; }

    /// <summary>
    /// How often each pair of classes occurs, by places in <see cref="ClassNames"/>; pairs that do not occur are left out.
    /// </summary>
    public required ConfusionCount[] Confusion { get; init; }

    /// <summary>Of regression: labels and predictions, of some rows spread over all.</summary>
    public required PredictedNumber[] Numbers { get; init; }

    /// <summary>
    /// Of regression: the root of the mean squared error over all measured rows, in the label's unit; else NaN.
    /// </summary>
    public required double RootMeanSquaredError { get; init; }

    /// <summary>Predictions that were counted: one for each row, or for each step where each has a label.</summary>
    public required int Count { get; init; }

    /// <summary>Share of right predictions. Of classification; else NaN.</summary>
    public double Accuracy =>
        Classes == 0 ? double.NaN
        : Confusion.Where(pair => pair.Actual == pair.Predicted).Sum(pair => (double)pair.Count) / Count;
}

/// <summary>How many rows of one class were taken for another, or for itself.</summary>
internal readonly record struct ConfusionCount(int Actual, int Predicted, int Count);

/// <summary>A number and what was predicted for it, in the label's unit.</summary>
internal readonly record struct PredictedNumber(float Actual, float Predicted);
