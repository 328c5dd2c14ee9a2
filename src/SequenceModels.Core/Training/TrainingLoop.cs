using System.Diagnostics;
using SequenceModels.Networks;
using SequenceModels.Sequences;

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
    private readonly Validation? _validation;
    private readonly ProgressReporter _reports;
    private readonly Checkpoint? _checkpoint;
    private readonly BestEpoch _best = new();
    private readonly List<TrainingEpoch> _history = [];

    /// <summary>
    /// Batches that were learned from since the last epoch ended, and the last gradient norm that was a number.
    /// </summary>
    private int _sinceEpoch;
    private double _lastNorm = double.NaN;

    /// <param name="job">What to train.</param>
    /// <param name="checkpoint">Is written after each epoch; null: there is none.</param>
    public TrainingLoop(TrainingJob job, Checkpoint? checkpoint)
    {
        (_job, _options, _checkpoint) = (job, job.Options, checkpoint);
        _rows = new TrainValidationRows(job);
        _network = FirstWeights.Of(job, _rows.Training);
        _batches = new Batches(_rows.Training, _options.BatchSize, job.Seed, _options.TaskOptions.WindowsPerEpoch);
        _step = new TrainingStep(_network, job.Data, _options, job.Seed,
            _options.TaskOptions.ClassWeights?.Resolve(_rows.Training, Math.Max(2, job.Spec.Output.NumberOfOutputs),
                _options.NameOf(nameof(TaskOptions.ClassWeights))));
        _rates = new ScheduledRate(_options.LearningRateSchedule, _options.LearningRate, _batches.Count, _options.NumberOfEpochs);
        _measured = _step.Average?.Network ?? _network;
        _validation = _rows.Validation is { } rows ? new Validation(_measured, rows, _options.NumberOfThreads) : null;
        _reports = new ProgressReporter(job, _batches.Count, epochsBefore: checkpoint?.Found?.History.Count ?? 0);
    }

    public void Dispose()
    {
        _step.Dispose();
        _validation?.Dispose();
        _batches.Dispose();
        _rows.Dispose();
    }

    /// <summary>Whether a weight may have been moved.</summary>
    public bool HasLearned => _history.Count > 0 || _sinceEpoch > 0;

    /// <summary>Runs to the last epoch, or until one is not better than the best.</summary>
    public void Run()
    {
        if (_checkpoint?.Take() is { } found)
            Resume(found);
        int patience = _options.EarlyStoppingPatience;
        while (_history.Count < _options.NumberOfEpochs && (patience == 0 || _history.Count - _best.Epoch < patience))
            RunEpoch(_history.Count + 1);
    }

    private void RunEpoch(int number)
    {
        long started = Stopwatch.GetTimestamp();
        TrainingEpoch epoch = Learn(number);
        RequireFiniteWeights(number, epoch.LearningRate);
        TimeSpan learned = Stopwatch.GetElapsedTime(started);
        _step.Average?.Refresh();
        epoch = epoch with
        {
            Validation = _validation?.Measure(_job.ThrowIfCanceled),
            StepsPerSecond = epoch.StepsPerSecond / learned.TotalSeconds
        };
        _rates.Observe(epoch.Validation?.Loss ?? epoch.TrainingLoss);
        if (epoch.Validation is not null)
            _best.Consider(number, epoch.Validation.Loss, _measured);
        epoch = epoch with { Duration = Stopwatch.GetElapsedTime(started) };
        _history.Add(epoch);
        _sinceEpoch = 0;
        try
        {
            _checkpoint?.Write(Content());
        }
        finally
        {
            _reports.Epoch(epoch); // learned it is, whether or not it could be written
        }
    }

    /// <summary>Learns from each batch once. Time is not measured here: StepsPerSecond is the number of steps.</summary>
    private TrainingEpoch Learn(int epoch)
    {
        _batches.Shuffle(epoch);
        _step.HoldsLayers = epoch <= _options.TaskOptions.FrozenEpochs;
        double loss = 0, weight = 0, norms = 0, largestNorm = 0;
        int updates = 0;
        long allSteps = 0;
        float rate = 0;
        for (int batch = 0; batch < _batches.Count; batch++)
        {
            _job.ThrowIfCanceled();
            ReadOnlySpan<int> rows = _batches[batch];
            rate = _rates.RateOf(epoch, (epoch - 1L) * _batches.Count + batch + 1);
            long steps = 0;
            foreach (int row in rows)
                steps += _job.Data.Length(row);
            int number = batch + 1;
            (double batchLoss, double batchWeight, double norm) = _step.Run(rows, rate, (share, pieceLoss, pieceWeight) =>
            {
                if (share == 1)
                    return;
                _job.ThrowIfCanceled();
                _reports.Piece(epoch, number, share, steps, (loss + pieceLoss) / Math.Max(weight + pieceWeight, double.Epsilon));
            });
            if (!double.IsFinite(batchLoss) || !double.IsFinite(norm))
                throw new Divergence(_job, _network, KeptEpoch)
                    .OfLoss(Invariant($"epoch {epoch}, batch {batch + 1} of {_batches.Count}"), batchLoss, norm, _lastNorm, rate);
            _sinceEpoch++;
            _lastNorm = norm;
            loss += batchLoss;
            weight += batchWeight;
            if (batchWeight > 0)
                (norms, largestNorm, updates) = (norms + norm, Math.Max(largestNorm, norm), updates + 1);
            allSteps += steps;
            _reports.Batch(epoch, batch + 1, steps, loss / Math.Max(weight, double.Epsilon));
        }
        return new TrainingEpoch
        {
            Epoch = epoch,
            LearningRate = rate,
            TrainingLoss = loss / Math.Max(weight, double.Epsilon),
            GradientNorm = norms / Math.Max(updates, 1),
            LargestGradientNorm = largestNorm,
            Duration = default,
            StepsPerSecond = allSteps,
        };
    }

    private void RequireFiniteWeights(int epoch, float rate) =>
        new Divergence(_job, _network, KeptEpoch).RequireFiniteWeights(_step.State, epoch, rate);

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
            found.ReadRates(_rates);
        }
        catch (InvalidDataException e)
        {
            throw Checkpoint.Unusable(_options.CheckpointPath!, e);
        }
        found.Network.Parameters.Values.Span.CopyTo(_network.Parameters.Values.Span);
        for (int i = 0; i < _step.State.Count; i++)
            found.OptimizerState[i].Span.CopyTo(_step.State[i].Span);
        found.Average?.Parameters.Values.Span.CopyTo(_measured.Parameters.Values.Span);
        _step.Resume(found.Updates);
        _history.AddRange(found.History);
        if (found.BestEpoch > 0)
            _best.Consider(found.BestEpoch, found.History[found.BestEpoch - 1].Validation!.Loss, found.Best);
        _job.OnResume?.Invoke(_history.Count);
    }

    private CheckpointContent Content() => new()
    {
        Identity = _checkpoint!.Identity,
        Seed = _job.Seed,
        Updates = _step.Updates,
        Rates = CheckpointContent.Bytes(_rates.Write),
        History = _history,
        Network = _network,
        Average = _step.Average?.Network,
        BestEpoch = _best.Epoch,
        Best = _best.Network ?? _measured,
        OptimizerState = _step.State,
    };

    /// <summary>The selected weights in a network of their own, without what only training needs.</summary>
    /// <param name="best">Whether they are those of the best epoch, where there is one; else the last.</param>
    public TrainingResult Finish(bool best)
    {
        best &= _best.Epoch > 0;
        if (!best && _sinceEpoch > 0)
            RequireFiniteWeights(_history.Count + 1,
                _rates.RateOf(_history.Count + 1, (long)_history.Count * _batches.Count + _sinceEpoch));
        int selected = best ? _best.Epoch : _sinceEpoch > 0 ? 0 : _history.Count;
        return new TrainingResult(best ? _best.Network! : _measured.Copy(),
            [.. _history.Select(epoch => epoch with { IsSelected = epoch.Epoch == selected })],
            _job.Data.Targets is NextStepTargets ? null : _rows.Examples());
    }
}
