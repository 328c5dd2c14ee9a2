using System.Diagnostics;
using SequenceModels.Networks;

namespace SequenceModels.Training;

/// <summary>The epochs of one training, from the first weights, or a checkpoint, to the selected ones.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly TrainingJob _job;
    private readonly TrainingOptions _options;
    private readonly TrainValidationRows _rows;
    private readonly Network _network, _measured;
    private readonly Batches _batches;
    private readonly TrainingStep _step;
    private readonly ScheduledRate _rates;
    private readonly EpochMeasurement _measurement;
    private readonly ProgressReporter _reports;
    private readonly SharedCheckpoint _checkpoint;
    private readonly TrainingRanks _ranks;
    private readonly BestEpoch _best = new();
    private readonly List<TrainingEpoch> _history = [];

    private readonly EpochLearning _learning;
    private readonly TimeBudget _budget;

    /// <summary>The epoch that has begun and not ended; null: there is none.</summary>
    private EpochSums? _begun;
    private long _begunAt;

    /// <param name="job">What to train.</param>
    /// <param name="checkpoint">Is written after each epoch, where there is one.</param>
    /// <param name="ranks">The processes that train.</param>
    public TrainingLoop(TrainingJob job, SharedCheckpoint checkpoint, TrainingRanks ranks)
    {
        (_job, _options, _checkpoint, _ranks) = (job, job.Options, checkpoint, ranks);
        _rows = new TrainValidationRows(job);
        _network = FirstWeights.Of(job, _rows.Training);
        _batches = new Batches(_rows.Training, _options.BatchSize, job.Seed, _options.TaskOptions.WindowsPerEpoch);
        _step = TrainingStep.For(job, _network, _rows.Training, ranks);
        _rates = new ScheduledRate(_options.LearningRateSchedule, _options.LearningRate, _batches.Count, _options.NumberOfEpochs,
            _step.LearnsInPieces);
        _measured = _step.Average?.Network ?? _network;
        _measurement = new EpochMeasurement(job, _measured, _rows.Validation, ranks);
        _reports = new ProgressReporter(job, _batches.Count, checkpoint.Found?.BatchesDone(_batches.Count) ?? 0,
            ranks.IsFirst);
        _budget = new TimeBudget(_options.TimeBudget, ranks);
        _learning = new EpochLearning(job, _batches, _step, _rates, _reports, _budget, Diverged, ranks);
    }

    public void Dispose()
    {
        _step.Dispose();
        _measurement.Dispose();
        _batches.Dispose();
        _rows.Dispose();
    }

    /// <summary>Whether a weight may have been moved.</summary>
    public bool HasLearned => _history.Count > 0 || _begun is { HasLearned: true };

    /// <summary>How far the training has come, in words.</summary>
    public string Place => _begun is { HasLearned: true } begun ? Invariant($"within epoch {begun.Epoch}")
        : Invariant($"after epoch {_history.Count}");

    /// <summary>Runs to the last epoch, or until one is not better than the best, or the time is used up.</summary>
    /// <returns>Whether the training is done; else it has stopped early, for its time is used up.</returns>
    public bool Run()
    {
        if (_checkpoint.Take() is { } found)
            Resume(found);
        while (!IsDone)
            if (!RunEpoch() && !IsDone)
                return false;
        return true;
    }

    private bool IsDone => _begun is null && (_history.Count >= _options.NumberOfEpochs ||
        (_options.EarlyStoppingPatience > 0 && _history.Count - _best.Epoch >= _options.EarlyStoppingPatience));

    /// <returns>Whether there is time for another one.</returns>
    private bool RunEpoch()
    {
        _begunAt = Stopwatch.GetTimestamp();
        _begun ??= new EpochSums(_history.Count + 1);
        bool isDone = _learning.Run(_begun);
        _step.CatchUp();
        if (!isDone)
        {
            WriteCheckpoint();
            return false;
        }
        int number = _begun.Epoch;
        TrainingEpoch epoch = _begun.ToEpoch(Stopwatch.GetElapsedTime(_begunAt));
        RequireFiniteWeights(number, epoch.LearningRate);
        _step.RefreshAverage();
        epoch = _measurement.Complete(epoch, () => _begun.Before + Stopwatch.GetElapsedTime(_begunAt));
        double cost = _measurement.CostOf(epoch);
        _rates.Observe(cost);
        if (epoch.Validation is not null)
            _best.Consider(number, cost, _measured);
        _history.Add(epoch);
        _begun = null;
        try
        {
            WriteCheckpoint();
        }
        finally
        {
            _reports.Epoch(epoch); // learned it is, whether or not it could be written
        }
        return !_budget.IsUsedUp;
    }

    private void RequireFiniteWeights(int epoch, float rate) => Diverged().RequireFiniteWeights(_step.State, epoch, rate);

    private Divergence Diverged() => new(_job, _network, KeptEpoch, _ranks);

    /// <summary>The epoch whose weights a checkpoint has; 0: no epoch has ended.</summary>
    private int KeptEpoch => _best.Epoch > 0 ? _best.Epoch : _history.Count;

    private void Resume(CheckpointContent found)
    {
        try
        {
            if (found.Network.Spec != _job.Spec || found.OptimizerState.Count != _step.State.Count ||
                found.Average is null != _step.Average is null)
                throw new InvalidDataException(
                    "Its weights and the optimizer's sums do not have the shape of the training that it names.");
            if (found.Begun is { } begun && (begun.Batch >= _batches.Count || !_step.TryRestoreCarried(found.CarriedStates)))
                throw new InvalidDataException("The epoch that has begun has other batches than the training that it names.");
            found.ReadRates(_rates);
        }
        catch (InvalidDataException e)
        {
            throw _checkpoint.Unusable(e);
        }
        found.Network.Parameters.Values.Span.CopyTo(_network.Parameters.Values.Span);
        for (int i = 0; i < _step.State.Count; i++)
            found.OptimizerState[i].Span.CopyTo(_step.State[i].Span);
        found.Average?.Parameters.Values.Span.CopyTo(_measured.Parameters.Values.Span);
        if (!_step.TryResume(found.Updates, found.AverageReached))
            throw _checkpoint.Unusable(new InvalidDataException("Its averages are not those of the training that it names."));
        _history.AddRange(found.History);
        _begun = found.Begun;
        if (found.BestEpoch > 0)
            _best.Consider(found.BestEpoch, _measurement.CostOf(found.History[found.BestEpoch - 1]), found.Best);
        if (_ranks.IsFirst)
            _job.OnResume?.Invoke(_history.Count);
    }

    private void WriteCheckpoint()
    {
        if (!_checkpoint.Exists)
            return;
        float[][] carried = _begun is { Step: > 0 } ? _step.CopyCarried() : [];
        _checkpoint.Write(() => Content(carried));
    }

    /// <param name="carried">The states that the next piece of a batch goes on with, of all processes.</param>
    private CheckpointContent Content(float[][] carried) => new()
    {
        Identity = _checkpoint.Identity,
        Seed = _job.Seed,
        Updates = _step.Updates,
        Rates = CheckpointContent.Bytes(_rates.Write),
        History = _history,
        Begun = _begun,
        SinceBegun = _begun is null ? default : Stopwatch.GetElapsedTime(_begunAt),
        CarriedStates = carried,
        Network = _network,
        Average = _step.Average?.Network,
        AverageReached = _begun is null ? [] : _step.Average?.Reached ?? [],
        BestEpoch = _best.Epoch,
        Best = _best.Network ?? (_begun is null ? _measured : _step.CopyMeasured()),
        OptimizerState = _step.State,
        Model = _job.WriteModel?.Invoke(new TrainingResult(_best.Network?.Copy() ?? _step.CopyMeasured(),
            HistoryOf(_best.Epoch > 0), null)) ?? [],
    };

    /// <summary>
    /// The selected weights, without what only training needs. They are the training's own, not a copy: it must not go on.
    /// </summary>
    /// <param name="best">Whether they are those of the best epoch, where there is one; else the last.</param>
    public TrainingResult Finish(bool best)
    {
        _step.CatchUp(); // an epoch may have been left by an exception
        best &= _best.Epoch > 0;
        if (_begun is { HasLearned: true } begun && !best)
            RequireFiniteWeights(begun.Epoch, begun.Rate);
        return new TrainingResult(best ? _best.Network! : _step.TakeMeasured(), HistoryOf(best), _rows.Examples());
    }

    /// <summary>The history; the epoch of the selected weights is marked: the best, or the last if none has begun.</summary>
    private TrainingEpoch[] HistoryOf(bool best)
    {
        int selected = best ? _best.Epoch : _begun is { HasLearned: true } ? 0 : _history.Count;
        return [.. _history.Select(epoch => epoch with { IsSelected = epoch.Epoch == selected })];
    }
}
