using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>What an epoch is judged by. Of several processes the first one measures, and all know its figures.</summary>
internal sealed class EpochMeasurement : IDisposable
{
    private readonly TrainingJob _job;
    private readonly TrainingRanks _ranks;
    private readonly Validation? _validation;

    /// <param name="job">What is trained.</param>
    /// <param name="network">Its weights of the moment are measured.</param>
    /// <param name="rows">The validation rows; null: there are none.</param>
    /// <param name="ranks">The processes that train.</param>
    public EpochMeasurement(TrainingJob job, Network network, RowSelection? rows, TrainingRanks ranks)
    {
        (_job, _ranks) = (job, ranks);
        _validation = rows is null || !ranks.IsFirst ? null
            : new Validation(network, rows, job.Options.NumberOfThreads, job.Spans);
    }

    /// <summary>An epoch that has been learned, with the figures of the validation rows.</summary>
    /// <param name="epoch">Without them.</param>
    /// <param name="duration">What the epoch took, once they are measured.</param>
    public TrainingEpoch Complete(TrainingEpoch epoch, Func<TimeSpan> duration)
    {
        _ranks.OnFirst(() => epoch = epoch with { Validation = _validation?.Measure(_job.ThrowIfCanceled) });
        return TrainingHistoryFile.Share(epoch with { Duration = duration() }, _ranks);
    }

    /// <summary>The figure that is watched, as a cost; without validation rows the training loss.</summary>
    public double CostOf(TrainingEpoch epoch) =>
        epoch.Validation is { } measured ? WatchedFigure.CostOf(measured, _job.Options.SelectBy) : epoch.TrainingLoss;

    public void Dispose() => _validation?.Dispose();
}
