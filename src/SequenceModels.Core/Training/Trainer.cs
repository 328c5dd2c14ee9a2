using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>Trains networks.</summary>
internal static class Trainer
{
    /// <summary>Trains a network, and makes of it what it is trained for. Until that is done, the checkpoint stays.</summary>
    /// <param name="job">What to train.</param>
    /// <param name="complete">Makes it of the result.</param>
    /// <exception cref="OperationCanceledException">
    /// The training was cancelled, and there is nothing to keep or it should not be kept.
    /// </exception>
    /// <exception cref="ArgumentException">An option does not fit the network's head.</exception>
    /// <exception cref="InvalidOperationException">
    /// The loss is no longer a number, a checkpoint is of another training, or a row has tags that the network's constraints
    /// exclude.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written, and the best model so far is not to be kept.</exception>
    public static T Train<T>(TrainingJob job, Func<TrainingResult, T> complete)
    {
        var ranks = new TrainingRanks(job.Options.Distribution);
        try
        {
            return Train(job.Completed(), complete, ranks);
        }
        catch (Exception e)
        {
            ranks.Fail(e);
            throw;
        }
    }

    private static T Train<T>(TrainingJob job, Func<TrainingResult, T> complete, TrainingRanks ranks)
    {
        RankAgreement.Require(job, ranks);
        CrfTraining.RequireFitting(job);
        WatchedFigure.Require(job.Options, job.Spec, job.Spans is not null);
        using SharedCheckpoint checkpoint = SharedCheckpoint.Open(job, ranks);
        using var loop = new TrainingLoop(job with { Seed = checkpoint.Seed }, checkpoint, ranks);
        try
        {
            if (!loop.Run())
            {
                if (ranks.IsFirst)
                    job.OnTimeUsedUp?.Invoke(loop.Place);
                return complete(loop.Finish(best: true));
            }
        }
        catch (OperationCanceledException e) when (job.Options.OnCancel == OnCancel.KeepBest && loop.HasLearned &&
            ranks.IsShared(e))
        {
            return complete(loop.Finish(best: true));
        }
        catch (CheckpointNotWrittenException e) when (job.Options.OnCancel == OnCancel.KeepBest)
        {
            if (ranks.IsFirst)
                job.OnCheckpointLost?.Invoke(e.Why);
            return complete(loop.Finish(best: true));
        }
        T completed = complete(loop.Finish(best: job.Options.EarlyStoppingPatience > 0));
        checkpoint.Delete();
        return completed;
    }

    /// <summary>Trains a network that is complete by itself.</summary>
    /// <inheritdoc cref="Train{T}(TrainingJob, Func{TrainingResult, T})" path="/exception"/>
    public static TrainingResult Train(TrainingJob job) => Train(job, result => result);

    /// <summary>Trains a network on all rows, with nobody watching.</summary>
    public static SequenceNetwork Train(NetworkSpec spec, SequenceDataset data, TrainingOptions options, int seed) =>
        Train(new TrainingJob { Spec = spec, Data = data, Options = options, Seed = seed }).Network;
}
