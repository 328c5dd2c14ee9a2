using System.Diagnostics;
using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>One training, from the first weights to the finished network.</summary>
internal sealed class Trainer : IDisposable
{
    private const int UpdateBlock = 1 << 14;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(200);

    private readonly SequenceTrainerOptions _options;
    private readonly SequenceDataset _data;
    private readonly int _seed;
    private readonly Func<bool>? _isCanceled;
    private readonly NetworkLayers _network;
    private readonly Batches _batches;
    private readonly Workers _workers;
    private readonly ShardedGradient _gradient;
    private readonly UpdateRule _rule;
    private readonly (Transposed Matrix, int Panel)[] _transposes;
    private readonly Action<int> _updateTask, _refreshTask;
    private readonly long _started = Stopwatch.GetTimestamp();

    private TimeSpan _reported;
    private long _updates, _steps;
    private float _gradientScale;

    private Trainer(NetworkSpec spec, SequenceDataset data, SequenceTrainerOptions options, int seed, Func<bool>? isCanceled)
    {
        _options = options;
        _data = data;
        _seed = seed;
        _isCanceled = isCanceled;
        _network = new NetworkLayers(spec,
            spec.Input == SequenceInput.Frames && options.FrameScaling == FrameScaling.Standard
                ? FrameTransform.Standard(data) : FrameTransform.None,
            spec.Head == HeadKind.Regression ? LabelTransform.Standard(data) : LabelTransform.None);
        _network.Parameters.Allocate();
        _network.Initialize(seed);
        _transposes = [.. _network.PrepareTraining().SelectMany(m => Enumerable.Range(0, m.Panels).Select(p => (m, p)))];
        _batches = new Batches(data, options.BatchSize, seed);
        int batch = Math.Min(options.BatchSize, data.Count);
        int threads = options.NumberOfThreads == 0 ? Environment.ProcessorCount : options.NumberOfThreads;
        _workers = new Workers(Math.Min(threads, ShardedGradient.ShardCount(batch)));
        _gradient = new ShardedGradient(_network, data, batch, _workers);
        _rule = UpdateRule.For(options.Optimizer, _network.Parameters.Length);
        (_updateTask, _refreshTask) = (UpdateBlockOf, Refresh);
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
        trainer._workers.Run(trainer._transposes.Length, trainer._refreshTask);
        for (int epoch = 1; epoch <= options.NumberOfEpochs; epoch++)
        {
            double loss = trainer.RunEpoch(epoch);
            onEpoch?.Invoke(epoch, loss);
        }
        return trainer.Finish();
    }

    public void Dispose() => _workers.Dispose();

    /// <summary>The mean loss over all examples, each taken when its batch was trained on.</summary>
    private double RunEpoch(int epoch)
    {
        _batches.Shuffle(epoch);
        double loss = 0, weight = 0;
        for (int batch = 0; batch < _batches.Count; batch++)
        {
            ThrowIfCanceled();
            ReadOnlySpan<int> rows = _batches[batch];
            (double batchLoss, double batchWeight, double norm) = _gradient.Compute(rows, new Dropout(_options.Dropout, _seed, _updates + 1));
            if (!double.IsFinite(batchLoss) || !double.IsFinite(norm))
                throw Diverged(epoch, batch);
            if (batchWeight > 0)
                Update(norm);
            loss += batchLoss;
            weight += batchWeight;
            foreach (int row in rows)
                _steps += _data.Length(row);
            Report(epoch, batch + 1, loss / Math.Max(weight, double.Epsilon));
        }
        return loss / Math.Max(weight, double.Epsilon);
    }

    private void Update(double norm)
    {
        _updates++;
        _gradientScale = norm > _options.GradientClipNorm ? (float)(_options.GradientClipNorm / norm) : 1;
        _rule.Advance();
        _workers.Run((int)((_network.Parameters.Length + UpdateBlock - 1) / UpdateBlock), _updateTask);
        _gradient.ClearTables();
        _workers.Run(_transposes.Length, _refreshTask);
    }

    private void UpdateBlockOf(int block)
    {
        long from = (long)block * UpdateBlock;
        _rule.Apply(_network.Parameters.Values, _gradient.Gradients, _gradientScale, _options.LearningRate, from,
            Math.Min(UpdateBlock, _network.Parameters.Length - from));
    }

    private void Refresh(int task) => _transposes[task].Matrix.Refresh(_network.Parameters.Values, _transposes[task].Panel);

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
