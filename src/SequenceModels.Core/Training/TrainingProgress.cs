namespace SequenceModels;

/// <summary>How far a training has come; reported through <see cref="TrainingOptions.Progress"/>.</summary>
/// <param name="Epoch">The running pass over the training data, from 1.</param>
/// <param name="NumberOfEpochs">How many passes there will be.</param>
/// <param name="Batch">The batch just finished in this epoch, or learned from in pieces at present; from 1.</param>
/// <param name="NumberOfBatches">Batches in an epoch.</param>
/// <param name="Loss">Mean training loss per example since the epoch began.</param>
/// <param name="StepsPerSecond">Time steps (tokens or frames) trained on per second since training began.</param>
/// <param name="Elapsed">Time since training began.</param>
/// <param name="Remaining">Time left, if the rest goes at the same pace.</param>
public sealed record TrainingProgress(int Epoch, int NumberOfEpochs, int Batch, int NumberOfBatches, double Loss,
    double StepsPerSecond, TimeSpan Elapsed, TimeSpan Remaining)
{
    /// <summary>
    /// The epoch that has just ended, with the figures of its validation rows: of the one report at the end of each epoch. Null
    /// of reports within an epoch.
    /// </summary>
    public TrainingEpoch? Ended { get; init; }

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(TrainingProgress), PrintMembers);
}
