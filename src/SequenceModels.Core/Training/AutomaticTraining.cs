using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// How long to train, and in batches of what size, where the options leave it to the number of rows. What counts is how often the
/// weights are updated: ten epochs of 270 rows are 90 updates, of 20,000 rows 6,250.
/// </summary>
internal static class AutomaticTraining
{
    /// <summary>From so many rows on batches are large.</summary>
    private const int ManyRows = 1_000;

    /// <summary>Sequences in a batch.</summary>
    /// <param name="rows">Training rows.</param>
    public static int BatchSize(double rows) => rows < ManyRows ? 16 : 32;

    /// <summary>Updates of the weights in an epoch, or nearly so many.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="share">Of them, which is learned from.</param>
    /// <param name="batchSize">Sequences in a batch.</param>
    /// <param name="steps">Where each step is predicted: steps of each sequence that an update learns from; 0: all.</param>
    public static double Updates(SequenceDataset data, double share, int batchSize, int steps) =>
        share * Math.Max((double)data.Count / batchSize,
            data.Targets is NextStepTargets && steps > 0 ? data.NumberOfSteps / ((double)batchSize * steps) : 0);

    /// <summary>So many epochs that the updates of all are enough, within bounds.</summary>
    /// <param name="updatesPerEpoch">More than 0.</param>
    /// <param name="defaults">How many are enough, and the bounds.</param>
    public static int Epochs(double updatesPerEpoch, TrainingDefaults defaults) => (int)Math.Clamp(
        Math.Ceiling(defaults.Updates / Math.Max(1, Math.Ceiling(updatesPerEpoch))), defaults.Epochs.Least, defaults.Epochs.Most);
}
