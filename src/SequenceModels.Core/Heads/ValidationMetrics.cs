namespace SequenceModels;

/// <summary>
/// How well a network does on all validation rows, by their example weights. Figures that a task does not have are null;
/// the others are those that ML.NET's evaluator gives for the same rows.
/// </summary>
public sealed record ValidationMetrics
{
    /// <summary>
    /// The mean loss per example that training minimises, without dropout, label smoothing and class weights:
    /// cross-entropy in nats; for regression half the squared error in units of the training labels' variance;
    /// for forecasts the loss of the scaled values; with a CRF -log p of the tag sequences, divided by the number of their steps;
    /// of transcription -log p of the labels, divided by the number of their tokens.
    /// </summary>
    public required double Loss { get; init; }

    /// <summary>
    /// Share of rows whose class is predicted rightly (ML.NET's MicroAccuracy), or of steps where each has a class;
    /// with a CRF the predicted ones are those of the likeliest tag sequence. Of classification.
    /// </summary>
    public double? Accuracy { get; init; }

    /// <summary>1 - <see cref="Accuracy"/>. Of classification.</summary>
    public double? ErrorRate => 1 - Accuracy;

    /// <summary>
    /// Harmonic mean of precision and recall of the spans that the tags of a sequence make up, of whatever type (conlleval's
    /// F1), each span by the weight of its row; 0 where none is right. Steps without a label are left out. Of tagging, where the
    /// tags are of a scheme.
    /// </summary>
    public double? SpanF1Score { get; init; }

    /// <summary>
    /// Mean of -log p of the true class, as ML.NET has it: base 2 for two classes, natural for more. Not of a CRF.
    /// </summary>
    public double? LogLoss { get; init; }

    /// <summary>
    /// The probability that a positive row has a larger score than a negative one. Of binary classification;
    /// NaN where the rows are of one class.
    /// </summary>
    public double? AreaUnderRocCurve { get; init; }

    /// <summary>
    /// Root of the mean squared error: of regression in the label's unit; of forecasts over all steps of the horizon, on the
    /// scale on which the network learns (<see cref="ForecastScaling"/>).
    /// </summary>
    public double? RootMeanSquaredError { get; init; }

    /// <summary>1 - squared error / squared deviation of the labels from their mean. Of regression.</summary>
    public double? RSquared { get; init; }

    /// <summary>
    /// Edits (tokens put in, left out or changed) that turn what the network gives into the label, divided by the labels' tokens.
    /// Of translation, the likeliest token being taken each time, and of transcription, the likeliest output of each step; rows
    /// count alike.
    /// </summary>
    public double? TokenErrorRate { get; init; }

    /// <summary>Share of rows for which the network does not give exactly the label, likewise.</summary>
    public double? SequenceErrorRate { get; init; }

    /// <summary>
    /// BLEU of the tokens, 0 to 100, with n-grams up to 4 and smoothing of zeros as sacreBLEU has it (exp), likewise.
    /// </summary>
    public double? Bleu { get; init; }

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(ValidationMetrics), PrintMembers);
}
