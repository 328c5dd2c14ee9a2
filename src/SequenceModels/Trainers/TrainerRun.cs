using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Interop;
using SequenceModels.Networks;
using SequenceModels.Training;

namespace SequenceModels.Trainers;

/// <summary>A training as ML.NET sees it: it can be cancelled by its context, and logs a line for each epoch. What it asks of any Fit.</summary>
internal static class TrainerRun
{
    /// <param name="job">What to train.</param>
    /// <param name="host">Of the trainer.</param>
    /// <param name="channel">Where the lines go.</param>
    /// <param name="complete">Makes the model of the result. Until it is made, a checkpoint stays.</param>
    public static T Run<T>(TrainingJob job, IHost host, IChannel channel, Func<TrainingResult, T> complete) => Trainer.Train(job with
    {
        IsCanceled = host.IsCanceled,
        OnEpoch = epoch => channel.Info(MessageSensitivity.None, "{0}", EpochLine.Of(epoch, job.Options.NumberOfEpochs)),
        OnResume = epochs => channel.Info(MessageSensitivity.None, "goes on from '{0}' after epoch {1}", job.Options.CheckpointPath!, InvariantText.Of(epochs)),
        OnCheckpointLost = message => channel.Warning(MessageSensitivity.None, "Training ends here, with the best model so far: {0}", message),
    }, complete);

    /// <summary>Throws if training is to stop early, but no rows will tell when.</summary>
    /// <exception cref="InvalidOperationException">There are no validation rows.</exception>
    public static void RequireRowsToStopBy(TrainingOptions options, IDataView? validation)
    {
        if (options.EarlyStoppingPatience > 0 && options.ValidationFraction == 0 && validation is null)
            throw new InvalidOperationException($"{options.NameOf(nameof(options.EarlyStoppingPatience))} is " +
                Invariant($"{options.EarlyStoppingPatience}, but there are no validation rows whose loss could tell when to stop. Set ") +
                $"{nameof(options.ValidationFraction)}, or give Fit a validation set.");
    }

    /// <summary>Throws if training cannot go on from a model.</summary>
    /// <param name="initial">The model.</param>
    /// <param name="spec">The shape that options and data ask for.</param>
    /// <exception cref="ArgumentException">The model has another shape.</exception>
    public static void RequireShape(SequenceModelParameters initial, NetworkSpec spec)
    {
        string differences = TrainingFingerprint.Differences(TrainingFingerprint.OfShape(initial.Network.Spec), TrainingFingerprint.OfShape(spec));
        if (differences != "")
            throw new ArgumentException($"The initial model has another shape than the options and the data ask for: {differences}. Training goes on " +
                "from a model only where all of this is the same.", nameof(initial));
    }

    /// <summary>Throws if the options' token or the MLContext asks to stop.</summary>
    /// <exception cref="OperationCanceledException">They do.</exception>
    public static void ThrowIfCanceled(IHost host, TrainingOptions options)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        if (host.IsCanceled())
            throw new OperationCanceledException("The MLContext was asked to cancel what it does.");
    }
}
