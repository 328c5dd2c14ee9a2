using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Text;
using SequenceModels.Training;

namespace SequenceModels.Trainers;

/// <summary>
/// A call of Fit, from the columns to the transformer: what all trainers do alike. A training as ML.NET sees it: its context can
/// cancel it, and a line of the log tells of each epoch.
/// </summary>
internal sealed class TrainerRun : IDisposable
{
    private readonly IHost _host;
    private readonly TrainingOptions _options;
    private readonly SequenceModelParameters? _initial, _backward;

    /// <param name="host">The trainer's.</param>
    /// <param name="options">The trainer's.</param>
    /// <param name="initial">A model to go on from, or a language model to take layers from; null: none.</param>
    /// <param name="backward">A language model that reads rows from their end, beside that; null: none.</param>
    public TrainerRun(IHost host, TrainingOptions options, SequenceModelParameters? initial = null,
        SequenceModelParameters? backward = null)
    {
        (_host, _options, _initial, _backward) = (host, options, initial, backward);
        Channel = host.Start("Training");
    }

    /// <summary>Where warnings and the lines of epochs go.</summary>
    public IChannel Channel { get; }

    public void Dispose() => Channel.Dispose();

    /// <summary>Throws if the options' token or the MLContext asks to stop.</summary>
    /// <exception cref="OperationCanceledException">They do.</exception>
    public void ThrowIfCanceled()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        if (_host.IsCanceled())
            throw new OperationCanceledException("The MLContext was asked to cancel what it does.");
    }

    /// <summary>Reads the rows of a task and trains its network on them.</summary>
    /// <param name="task">The task.</param>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="validation">The rows to measure on; null: those that ValidationFraction takes, if any.</param>
    public T Train<T>(TrainerTask<T> task, IDataView train, IDataView? validation)
    {
        RequireRowsToStopBy(validation);
        RequireLayersToHold(_initial is not null);
        WatchedFigure.Require(_options, task.Spec, task.Spans is not null);
        IReadOnlyList<DataViewSchema.Column> columns = task.Features.InOrder;
        PretrainedLayers? pretrained = !task.TakesLanguageModels ? null
            : InitialLanguageModels.Find(_initial, _backward, task.Spec, task.Features.Input);
        int? stacking = task.Features.Input.Inputs.AreFrames ? task.Options.TaskOptions.FrameStacking : 1;
        if (stacking == 0 && _initial is not null)
            stacking = _initial.Network.FrameStacking;
        if (_initial is not null && pretrained is null)
            InitialModel.RequireShape(_initial, FrameStacking.Apply(task.Spec, stacking ?? 1), task.Features.Input);
        var keys = KeyFingerprints.From(task.Features.Input, task.Label?.Names);
        foreach (SequenceModelParameters? before in new[] { _initial, _backward })
            keys = InitialModel.Continue(before, keys, columns, task.Label?.Column);
        SequenceColumn.WarnIfPadded(train.Schema, columns.Select(column => column.Name), Channel);
        TokenVectors? vectors = InitialVectors.Find(task.Options, task.Features.Input, _initial is not null, Channel,
            ThrowIfCanceled);
        using SequenceDataset? measured = validation is null ? null
            : task.ReadValidation(validation, keys, _options.RowMemory, ThrowIfCanceled);
        using SequenceDataset data = task.Read(train, _options.RowMemory, ThrowIfCanceled);
        LongNumberSequences.Warn(Channel, task.Features.Input, data);
        UnknownTokens.Note(Channel, task.Features.Input, data, task.Options);
        int stacked = stacking == 0 ? FrameStacking.Automatic(data) : stacking ?? 1;
        if (stacking == 0 && stacked > 1)
            Channel.Info(MessageSensitivity.None, "{0} of '{1}' are read as one", Counted.Of(stacked, "step"), columns[0].Name);
        data.StackFrames(stacked);
        measured?.StackFrames(stacked);
        task.Arrange(data);
        EncoderNetworkSpec spec = FrameStacking.Apply(task.CompleteSpec(task.Spec), stacked);
        TrainingJob job = CreateJob(spec, data, measured, task.Subject) with
        {
            Vectors = vectors,
            Initial = pretrained is null ? _initial?.Network.Layers : null,
            Pretrained = pretrained,
            Spans = task.Spans,
        };
        return Train(job, (home, result) => task.CreateTransformer(home, new SequenceModelParameters(result.Network,
            result.History, NetworkInsight.OnDemand(result, task.Names, _options.NumberOfThreads), keys, task.Features.Characters)
        {
            Text = task.Features.Text,
            WordVectorCoverage = vectors is null ? null : InitialVectors.Share(vectors),
        }), task.ToBytes);
    }

    /// <summary>Trains, and keeps in the checkpoint, where there is one, what would come of the best weights so far.</summary>
    /// <param name="job">What to train.</param>
    /// <param name="complete">Makes the transformer, at home in an environment.</param>
    /// <param name="toBytes">The transformer as a checkpoint keeps it.</param>
    public T Train<T>(TrainingJob job, Func<IHostEnvironment, TrainingResult, T> complete, Func<T, byte[]> toBytes) =>
        Trainer.Train(job with { WriteModel = result => toBytes(complete(CheckpointModel.Nowhere, result)) },
            result => complete(_host, result));

    /// <summary>
    /// A training on rows that have been read, which tells the log of its epochs and ends when it is cancelled.
    /// </summary>
    /// <param name="spec">The network.</param>
    /// <param name="data">What it learns from.</param>
    /// <param name="validation">What it is measured on; null: nothing but what ValidationFraction takes of the data.</param>
    /// <param name="subject">What is trained, in words that tell it from other trainings.</param>
    public TrainingJob CreateJob(NetworkSpec spec, SequenceDataset data, SequenceDataset? validation, string subject)
    {
        TrainingJob job = NewJob(spec, data, validation, subject).Completed();
        int epochs = job.Options.NumberOfEpochs;
        return job with
        {
            OnEpoch = epoch => Channel.Info(MessageSensitivity.None, "{0}", EpochLine.Format(epoch, epochs)),
        };
    }

    private TrainingJob NewJob(NetworkSpec spec, SequenceDataset data, SequenceDataset? validation, string subject) => new()
    {
        Spec = spec,
        Data = data,
        Validation = validation,
        Options = _options,
        Seed = _options.Seed ?? _host.Rand.Next(),
        Initial = _initial?.Network.Layers,
        Subject = subject,
        IsCanceled = _host.IsCanceled,
        OnResume = epochs => Channel.Info(MessageSensitivity.None, "goes on from '{0}' after epoch {1}", _options.CheckpointPath!,
            InvariantText.Of(epochs)),
        OnTimeUsedUp = place => Channel.Info(MessageSensitivity.None, "{0}", TimeUsedUp(place)),
        OnCheckpointLost = message =>
            Channel.Warning(MessageSensitivity.None, "Training ends here, with the best model so far: {0}", message),
    };

    private string TimeUsedUp(string place) => $"training ends {place}: the {nameof(_options.TimeBudget)} of " +
        $"{InvariantText.Of(_options.TimeBudget)} is used up. The model is the best so far" +
        (_options.CheckpointPath is { } path ? $"; Fit with the same options and rows goes on from '{path}'" : "");

    /// <summary>Throws if layers, or all of it, are to stay as an initial model has them, but there is none.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    /// <param name="hasInitial">Whether there is one.</param>
    public void RequireLayersToHold(bool hasInitial)
    {
        if (_options.NumberOfEpochs == 0 && !hasInitial)
            throw new InvalidOperationException(
                $"{_options.NameOf(nameof(_options.NumberOfEpochs))} is 0, but there is no initial " +
                "model that could stay as it is. Give Fit one, or train for at least 1 epoch.");
        if (_options.TaskOptions.FrozenEpochs > 0 && !hasInitial)
            throw new InvalidOperationException($"{_options.NameOf(nameof(TaskOptions.FrozenEpochs))} is " +
                $"{InvariantText.Of(_options.TaskOptions.FrozenEpochs)}, but there is no initial model whose layers could stay " +
                "as they are. Give Fit a language model or another initial model, or leave the option at 0.");
    }

    /// <summary>Throws if training is to stop early, or to select by a figure, but no rows will tell when.</summary>
    /// <exception cref="InvalidOperationException">There are no validation rows.</exception>
    public void RequireRowsToStopBy(IDataView? validation)
    {
        if (_options.ValidationFraction > 0 || validation is not null)
            return;
        if (_options.SelectBy != TrainingSelection.Loss)
            throw new InvalidOperationException($"{_options.NameOf(nameof(_options.SelectBy))} is " +
                $"{InvariantText.Of(_options.SelectBy)}, but there are no validation rows that have this figure. Set " +
                $"{nameof(_options.ValidationFraction)}, or give Fit a validation set.");
        if (_options.EarlyStoppingPatience > 0)
            throw new InvalidOperationException($"{_options.NameOf(nameof(_options.EarlyStoppingPatience))} is " +
                $"{InvariantText.Of(_options.EarlyStoppingPatience)}, but there are no validation rows whose loss could tell " +
                $"when to stop. Set {nameof(_options.ValidationFraction)}, or give Fit a validation set.");
    }
}
