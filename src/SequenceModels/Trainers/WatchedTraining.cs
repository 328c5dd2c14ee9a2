using Microsoft.ML.Runtime;
using SequenceModels.Interop;
using SequenceModels.Training;

namespace SequenceModels.Trainers;

/// <summary>A training as ML.NET sees it: it can be cancelled by its context, and logs a line for each epoch.</summary>
internal static class WatchedTraining
{
    /// <param name="job">What to train.</param>
    /// <param name="host">Of the trainer.</param>
    /// <param name="channel">Where the lines go.</param>
    public static TrainingResult Run(TrainingJob job, IHost host, IChannel channel) => Trainer.Train(job with
    {
        IsCanceled = host.IsCanceled,
        OnEpoch = epoch => channel.Info(MessageSensitivity.None, "{0}", EpochLine.Of(epoch, job.Options.NumberOfEpochs)),
        OnResume = epochs => channel.Info(MessageSensitivity.None, "goes on from '{0}' after epoch {1}", job.Options.CheckpointPath!, epochs),
    });
}
