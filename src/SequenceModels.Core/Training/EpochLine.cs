using System.Globalization;

namespace SequenceModels.Training;

/// <summary>An epoch as a line of a log.</summary>
internal static class EpochLine
{
    /// <summary>Epoch, loss, and where there are validation rows their loss and the figures that the task is known by.</summary>
    public static string Format(TrainingEpoch epoch, int numberOfEpochs)
    {
        string line = string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch}/{numberOfEpochs} loss {epoch.TrainingLoss:F4}");
        return epoch.Validation is { } validation
            ? line + string.Create(CultureInfo.InvariantCulture, $" validation loss {validation.Loss:F4}") + Figures(validation)
            : line;
    }

    private static string Figures(ValidationMetrics metrics) => Figure("accuracy", metrics.Accuracy, "F4") +
        Figure("AUC", metrics.AreaUnderRocCurve, "F4") + Figure("F1", metrics.SpanF1Score, "F4") +
        Figure("sequence error rate", metrics.SequenceErrorRate, "F4") + Figure("BLEU", metrics.Bleu, "F2") +
        Figure("RMSE", metrics.RootMeanSquaredError, "G5");

    private static string Figure(string name, double? value, string format) =>
        value is { } figure ? $" {name} {figure.ToString(format, CultureInfo.InvariantCulture)}" : "";
}
