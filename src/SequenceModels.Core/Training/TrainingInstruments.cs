using System.Diagnostics.Metrics;

namespace SequenceModels.Training;

/// <summary>
/// The meter "SequenceModels": what dotnet-counters and OpenTelemetry show of running trainings. Each measurement has the tag
/// "training", what is trained. Costs nothing to speak of where nobody listens.
/// </summary>
internal static class TrainingInstruments
{
    public const string MeterName = "SequenceModels";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("sequencemodels.training.steps", "{step}",
        "Time steps (tokens or frames) learned from.");

    private static readonly Counter<long> Batches = Meter.CreateCounter<long>("sequencemodels.training.batches", "{batch}",
        "Batches learned from.");

    private static readonly Counter<long> Epochs = Meter.CreateCounter<long>("sequencemodels.training.epochs", "{epoch}",
        "Passes over the training rows that have ended.");

    private static readonly Gauge<double> Loss = Meter.CreateGauge<double>("sequencemodels.training.loss", unit: null,
        "Mean training loss per example of the last epoch.");

    private static readonly Gauge<double> ValidationLoss =
        Meter.CreateGauge<double>("sequencemodels.training.validation_loss", unit: null,
        "Mean loss per validation example after the last epoch.");

    private static readonly Gauge<double> GradientNorm =
        Meter.CreateGauge<double>("sequencemodels.training.gradient_norm", unit: null,
        "Mean norm of the gradient over the updates of the last epoch, before clipping.");

    private static readonly Gauge<double> LearningRate =
        Meter.CreateGauge<double>("sequencemodels.training.learning_rate", unit: null,
        "Learning rate of the last update.");

    /// <summary>Counts a batch.</summary>
    public static void Batch(string training, long steps)
    {
        KeyValuePair<string, object?> tag = Tag(training);
        Steps.Add(steps, tag);
        Batches.Add(1, tag);
    }

    /// <summary>Counts an epoch and shows its figures.</summary>
    public static void Epoch(string training, TrainingEpoch epoch)
    {
        KeyValuePair<string, object?> tag = Tag(training);
        Epochs.Add(1, tag);
        Loss.Record(epoch.TrainingLoss, tag);
        GradientNorm.Record(epoch.GradientNorm, tag);
        LearningRate.Record(epoch.LearningRate, tag);
        if (epoch.Validation is not null)
            ValidationLoss.Record(epoch.Validation.Loss, tag);
    }

    private static KeyValuePair<string, object?> Tag(string training) => new("training", training);
}
