namespace SequenceModels;

/// <summary>
/// Which figure of the validation rows tells that one epoch is better than another. Of equal epochs the first is the better one.
/// </summary>
public enum TrainingSelection
{
    /// <summary><see cref="ValidationMetrics.Loss"/>: the smallest is the best. Of all tasks.</summary>
    Loss,

    /// <summary>
    /// <see cref="ValidationMetrics.Accuracy"/>: the largest is the best. Of classification, tagging and language models of
    /// tokens.
    /// </summary>
    Accuracy,

    /// <summary><see cref="ValidationMetrics.ErrorRate"/>: the smallest is the best. Of tasks that have an accuracy.</summary>
    ErrorRate,

    /// <summary>
    /// <see cref="ValidationMetrics.AreaUnderRocCurve"/>: the largest is the best. Of binary classification.
    /// </summary>
    AreaUnderRocCurve,

    /// <summary>
    /// <see cref="ValidationMetrics.SpanF1Score"/>: the largest is the best. Of tagging, where the tags are of a scheme (BIO,
    /// IOB1, BIOES, BILOU, BMES, IO).
    /// </summary>
    SpanF1Score,

    /// <summary>
    /// <see cref="ValidationMetrics.RootMeanSquaredError"/>: the smallest is the best. Of regression and forecasts.
    /// </summary>
    RootMeanSquaredError,

    /// <summary><see cref="ValidationMetrics.TokenErrorRate"/>: the smallest is the best. Of transcription.</summary>
    TokenErrorRate,

    /// <summary>
    /// <see cref="ValidationMetrics.SequenceErrorRate"/>: the smallest is the best. Of translation and transcription.
    /// </summary>
    SequenceErrorRate,

    /// <summary><see cref="ValidationMetrics.Bleu"/>: the largest is the best. Of translation.</summary>
    Bleu,
}
