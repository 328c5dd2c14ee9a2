using System.Diagnostics;
using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>One training, from the first weights to the finished network.</summary>
internal sealed class Trainer : IDisposable
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(200);

    private readonly SequenceTrainerOptions _options;
    private readonly SequenceDataset _data;
    private readonly Func<bool>? _isCanceled;
    private readonly NetworkLayers _network;
    private readonly Batches _batches;
    private readonly TrainingStep _step;
    private readonly RateSchedule _rates;
    private readonly long _started = Stopwatch.GetTimestamp();

    private TimeSpan _reported;
    private long _steps;

    private Trainer(NetworkSpec spec, SequenceDataset data, SequenceTrainerOptions options, int seed, Func<bool>? isCanceled)
    {
        _options = options;
        _data = data;
        _isCanceled = isCanceled;
        _network = new NetworkLayers(spec,
            spec.Input == SequenceInput.Frames && options.FrameScaling == FrameScaling.Standard
                ? FrameTransform.Standard(data) : FrameTransform.None,
            spec.Head == HeadKind.Regression ? LabelTransform.Standard(data) : LabelTransform.None);
        _network.Parameters.Allocate();
        _network.Initialize(seed);
        _batches = new Batches(data, options.BatchSize, seed);
        _step = new TrainingStep(_network, data, options, seed,
            options.ClassWeights?.Resolve(data, [.. Enumerable.Range(0, data.Count)], Math.Max(2, spec.NumberOfOutputs)));
        _rates = new RateSchedule(options.LearningRateSchedule, options.LearningRate, _batches.Count, options.NumberOfEpochs);
    }

    /// <summary>Trains a network of the given shape.</summary>
    /// <param name="spec">Its shape; must agree with <paramref name="data"/>.</param>
    /// <param name="data">At least one row, with a positive sum of weights.</param>
    /// <param name="options">Validated options; seed and shape are taken from the other parameters.</param>
    /// <param name="seed">Of weights, order and dropout.</param>
    /// <param name="onEpoch">Told after each epoch: epoch from 1, mean training loss.</param>
    /// <param name="isCanceled">Asked after each batch, beside the options' token.</param>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The loss is no longer a number.</exception>
    public static SequenceNetwork Train(NetworkSpec spec, SequenceDataset data, SequenceTrainerOptions options, int seed,
        Action<int, double>? onEpoch = null, Func<bool>? isCanceled = null)
    {
        using var trainer = new Trainer(spec, data, options, seed, isCanceled);
        for (int epoch = 1; epoch <= options.NumberOfEpochs; epoch++)
        {
            double loss = trainer.RunEpoch(epoch);
            trainer._rates.Note(loss);
            onEpoch?.Invoke(epoch, loss);
        }
        return trainer.Finish();
    }

    public void Dispose()
    {
        _step.Dispose();
        _batches.Dispose();
    }

    /// <summary>The mean loss over all examples, each taken when its batch was trained on.</summary>
    private double RunEpoch(int epoch)
    {
        _batches.Shuffle(epoch);
        double loss = 0, weight = 0;
        for (int batch = 0; batch < _batches.Count; batch++)
        {
            ThrowIfCanceled();
            ReadOnlySpan<int> rows = _batches[batch];
            (double batchLoss, double batchWeight, double norm) = _step.Run(rows,
                _rates.RateOf(epoch, (epoch - 1L) * _batches.Count + batch + 1));
            if (!double.IsFinite(batchLoss) || !double.IsFinite(norm))
                throw Diverged(epoch, batch);
            loss += batchLoss;
            weight += batchWeight;
            foreach (int row in rows)
                _steps += _data.Length(row);
            Report(epoch, batch + 1, loss / Math.Max(weight, double.Epsilon));
        }
        return loss / Math.Max(weight, double.Epsilon);
    }

    private void ThrowIfCanceled()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        if (_isCanceled?.Invoke() == true)
            throw new OperationCanceledException("The training was cancelled.");
    }

    private void Report(int epoch, int batch, double loss)
    {
        if (_options.Progress is null)
            return;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_started);
        if (elapsed - _reported < BetweenReports && batch < _batches.Count)
            return;
        _reported = elapsed;
        double done = (epoch - 1) * (double)_batches.Count + batch, all = (double)_options.NumberOfEpochs * _batches.Count;
        _options.Progress.Report(new TrainingProgress(epoch, _options.NumberOfEpochs, batch, _batches.Count, loss,
            _steps / Math.Max(elapsed.TotalSeconds, 1e-9), elapsed, elapsed * ((all - done) / done)));
    }

    private InvalidOperationException Diverged(int epoch, int batch) => new(
        $"Training diverged: in epoch {epoch}, batch {batch + 1}, the loss or its gradient is no longer a finite number. " +
        $"Use a smaller {nameof(SequenceTrainerOptions.LearningRate)} (now {_options.LearningRate}) or " +
        $"{nameof(SequenceTrainerOptions.GradientClipNorm)} (now {_options.GradientClipNorm}).");

    /// <summary>The weights in a network of their own, without what only training needs.</summary>
    private SequenceNetwork Finish()
    {
        var finished = new NetworkLayers(_network.Spec, _network.Frames, _network.Labels);
        finished.Parameters.Allocate();
        _network.Parameters.Values.Span.CopyTo(finished.Parameters.Values.Span);
        return new SequenceNetwork(finished);
    }
}
