using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// The gradient of a batch, by many threads and yet always the same bits. The batch is dealt into shards whose number depends on its
/// size alone; each shard has a gradient buffer of its own, and the buffers are added in the shards' order.
/// </summary>
internal sealed unsafe class ShardedGradient
{
    /// <summary>
    /// Sequences in a shard of a large batch: enough for full register tiles, few enough to give every core a shard and to keep what a shard
    /// remembers of its steps near the core.
    /// </summary>
    private const int ShardSequences = 16;

    /// <summary>Fewer sequences than this in a shard cost more in half-empty tiles than another thread gains.</summary>
    private const int SmallestShard = 4;

    /// <summary>Weights that one task adds up.</summary>
    private const int BlockLength = 1 << 14;

    private readonly NetworkLayers _network;
    private readonly Workers _workers;
    private readonly SequenceDataset _data;
    private readonly Workspace[] _workspaces;
    private readonly InputGradients[] _inputGradients;
    private readonly FloatBuffer[] _shardGradients;
    private readonly double[] _losses;
    private readonly double[] _squares;
    private readonly Action<int, int> _shardTask, _sumTask;

    private int[] _rows = [];
    private int _count, _shards;
    private double _weight;
    private Dropout _dropout;

    public ShardedGradient(NetworkLayers network, SequenceDataset data, int largestBatch, Workers workers)
    {
        _network = network;
        _data = data;
        _workers = workers;
        int shards = ShardCount(largestBatch);
        _workspaces = [.. Enumerable.Range(0, workers.Threads).Select(_ => network.CreateWorkspace())];
        _inputGradients = [.. Enumerable.Range(0, shards).Select(_ => network.CreateInputGradients())];
        _shardGradients = [.. Enumerable.Range(0, shards).Select(_ => new FloatBuffer(network.Parameters.DenseLength))];
        _losses = new double[shards];
        Gradients = new FloatBuffer(network.Parameters.DenseLength);
        Tables = network.Parameters.Tables.Count == 0 ? null : new TableGradients(network, _inputGradients);
        _squares = new double[Tasks(network.Parameters.DenseLength, BlockLength)];
        (_shardTask, _sumTask) = (Shard, Sum);
    }

    /// <summary>The batch's gradient of all parameters but the tables, laid out like these.</summary>
    public FloatBuffer Gradients { get; }

    /// <summary>The part of the gradient that is in tables; null where there are none.</summary>
    public TableGradients? Tables { get; }

    /// <summary>Into how many shards a batch is dealt: an even number from 8 sequences on, so that two threads share the work.</summary>
    public static int ShardCount(int sequences) =>
        Math.Clamp(2 * Tasks(sequences, 2 * ShardSequences), 1, Math.Max(1, sequences / SmallestShard));

    /// <summary>Computes the gradient of the mean loss over a batch, by the examples' weights.</summary>
    /// <param name="rows">The batch's rows, longest first.</param>
    /// <param name="dropout">Of this update.</param>
    /// <returns>The sum of weighted losses, the sum of weights and the gradient's Euclidean norm.</returns>
    public (double Loss, double Weight, double Norm) Compute(ReadOnlySpan<int> rows, Dropout dropout)
    {
        if (_rows.Length < rows.Length)
            _rows = new int[rows.Length];
        rows.CopyTo(_rows);
        _count = rows.Length;
        _shards = ShardCount(rows.Length);
        _dropout = dropout;
        _weight = 0;
        foreach (int row in rows)
            _weight += _data.Weight(row) * (_network.Spec.EveryStep ? _data.Length(row) : 1.0);
        if (_weight == 0)
            return (0, 0, 0);

        _workers.Run(_shards, _shardTask);
        int blocks = Tasks(_network.Parameters.DenseLength, BlockLength);
        _workers.Run(blocks, _sumTask);
        double loss = 0, squares = Tables?.Compute(_shards, _workers) ?? 0;
        for (int shard = 0; shard < _shards; shard++)
            loss += _losses[shard];
        for (int i = 0; i < blocks; i++)
            squares += _squares[i];
        return (loss * _weight, _weight, Math.Sqrt(squares));
    }

    private static int Tasks(long items, int perTask) => (int)((items + perTask - 1) / perTask);

    /// <summary>Forward, loss and backward of every sequence k with k mod shards = shard: all shards get long and short ones.</summary>
    private void Shard(int shard, int thread)
    {
        int count = (_count - shard + _shards - 1) / _shards;
        Span<int> rows = stackalloc int[count], numbers = stackalloc int[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = shard + i * _shards;
            rows[i] = _rows[numbers[i]];
        }
        Workspace workspace = _workspaces[thread];
        workspace.Batch.Pack(_data, rows, numbers, _network.Frames);
        PlaceLabels(workspace, rows);
        _losses[shard] = _network.Learn(workspace, _dropout, _shardGradients[shard], _inputGradients[shard]);
    }

    /// <summary>Gives each row of outputs its label, and its share of the batch's weight.</summary>
    private void PlaceLabels(Workspace workspace, ReadOnlySpan<int> rows)
    {
        int outputs = _network.OutputRowsOf(workspace.Batch);
        workspace.Labels.Reserve(outputs);
        workspace.LabelWeights.Reserve(outputs);
        Span<float> labels = workspace.Labels.Span, weights = workspace.LabelWeights.Span;
        for (int k = 0; k < rows.Length; k++)
        {
            float share = (float)(_data.Weight(rows[k]) / _weight);
            if (!_network.Spec.EveryStep)
            {
                (labels[k], weights[k]) = (_data.Label(rows[k]), share);
                continue;
            }
            ReadOnlySpan<float> steps = _data.StepLabels(rows[k]);
            for (int t = 0; t < steps.Length; t++)
                (labels[workspace.Batch.Offset(t) + k], weights[workspace.Batch.Offset(t) + k]) = (steps[t], share);
        }
    }

    /// <summary>One block of the shards' gradients: their sum, its square, and zeros for the next batch.</summary>
    private void Sum(int block, int thread)
    {
        long from = (long)block * BlockLength;
        var span = (int)Math.Min(BlockLength, _network.Parameters.DenseLength - from);
        float* sum = Gradients.Data + from;
        Rows.Copy(_shardGradients[0].Data + from, sum, span);
        for (int shard = 0; shard < _shards; shard++)
        {
            float* gradient = _shardGradients[shard].Data + from;
            if (shard > 0)
                Rows.Add(gradient, sum, span);
            new Span<float>(gradient, span).Clear();
        }
        _squares[block] = Rows.SumOfSquares(sum, span);
    }
}
