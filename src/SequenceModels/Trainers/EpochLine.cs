using System.Globalization;

namespace SequenceModels.Trainers;

/// <summary>An epoch as a line of ML.NET's log.</summary>
internal static class EpochLine
{
    /// <summary>Epoch, loss, and where there are validation rows their loss and the metric that the task is known by.</summary>
    public static string Format(TrainingEpoch epoch, int numberOfEpochs)
    {
        string line = string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch.Epoch}/{numberOfEpochs} loss {epoch.TrainingLoss:F4}");
        return epoch.Validation is { } validation
            ? line + string.Create(CultureInfo.InvariantCulture, $" validation loss {validation.Loss:F4}") + Metric(validation)
            : line;
    }

    private static string Metric(ValidationMetrics metrics) => metrics switch
    {
        { Accuracy: { } accuracy } => string.Create(CultureInfo.InvariantCulture, $" accuracy {accuracy:F4}"),
        { RootMeanSquaredError: { } error } => string.Create(CultureInfo.InvariantCulture, $" RMSE {error:G5}"),
        _ => "",
    };
}
