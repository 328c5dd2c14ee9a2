using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>What training does with each batch: its gradient, clipped, and one update of the weights.</summary>
internal sealed class TrainingStep : IDisposable
{
    private const int UpdateBlock = 1 << 14;

    private readonly SequenceTrainerOptions _options;
    private readonly NetworkLayers _network;
    private readonly int _seed;
    private readonly Workers _workers;
    private readonly ShardedGradient _gradient;
    private readonly UpdateRule _rule;
    private readonly (Transposed Matrix, int Panel)[] _transposes;
    private readonly Action<int, int> _updateTask, _refreshTask;

    private long _updates;
    private float _gradientScale;

    /// <param name="network">Its weights are moved by each step.</param>
    /// <param name="data">Where the batches' rows are.</param>
    /// <param name="options">Optimizer, rate, clipping, dropout, batch size and threads.</param>
    /// <param name="seed">Of dropout.</param>
    public TrainingStep(NetworkLayers network, SequenceDataset data, SequenceTrainerOptions options, int seed)
    {
        _options = options;
        _network = network;
        _seed = seed;
        _transposes = [.. network.PrepareTraining().SelectMany(m => Enumerable.Range(0, m.Panels).Select(p => (m, p)))];
        int batch = Math.Min(options.BatchSize, data.Count);
        int threads = options.NumberOfThreads == 0 ? Environment.ProcessorCount : options.NumberOfThreads;
        _workers = new Workers(Math.Min(threads, ShardedGradient.ShardCount(batch)));
        _gradient = new ShardedGradient(network, data, batch, _workers);
        _rule = UpdateRule.For(options.Optimizer, network.Parameters.Length);
        (_updateTask, _refreshTask) = (UpdateBlockOf, Refresh);
        _workers.Run(_transposes.Length, _refreshTask);
    }

    /// <summary>Learns from one batch.</summary>
    /// <param name="rows">The batch's rows, longest first.</param>
    /// <returns>
    /// The sum of weighted losses, the sum of weights and the gradient's norm. Where loss or norm is not finite, no weight was moved.
    /// </returns>
    public (double Loss, double Weight, double Norm) Run(ReadOnlySpan<int> rows)
    {
        (double loss, double weight, double norm) = _gradient.Compute(rows, new Dropout(_options.Dropout, _seed, _updates + 1));
        if (weight > 0 && double.IsFinite(loss) && double.IsFinite(norm))
            Update(norm);
        return (loss, weight, norm);
    }

    public void Dispose() => _workers.Dispose();

    private void Update(double norm)
    {
        _updates++;
        _gradientScale = norm > _options.GradientClipNorm ? (float)(_options.GradientClipNorm / norm) : 1;
        _rule.Advance();
        _workers.Run(DenseTasks + (_gradient.Tables?.UpdateTasks ?? 0), _updateTask);
        _workers.Run(_transposes.Length, _refreshTask);
    }

    private int DenseTasks => (int)((_network.Parameters.DenseLength + UpdateBlock - 1) / UpdateBlock);

    private unsafe void UpdateBlockOf(int task, int thread)
    {
        if (task >= DenseTasks)
        {
            _gradient.Tables!.Update(task - DenseTasks, _rule, _gradientScale, _options.LearningRate);
            return;
        }
        long from = (long)task * UpdateBlock;
        _rule.Apply(_network.Parameters.Values, _gradient.Gradients.Data + from, _gradientScale, _options.LearningRate, from,
            Math.Min(UpdateBlock, _network.Parameters.DenseLength - from));
    }

    private void Refresh(int task, int thread) => _transposes[task].Matrix.Refresh(_network.Parameters.Values, _transposes[task].Panel);
}
