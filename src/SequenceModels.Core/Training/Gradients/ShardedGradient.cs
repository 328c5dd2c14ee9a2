using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// The gradient of a batch, by many threads and yet always the same bits. The batch is dealt into shards whose number depends on
/// its size alone; each shard has a gradient buffer of its own, and the buffers are added in the shards' order.
/// </summary>
internal sealed unsafe class ShardedGradient
{
    /// <summary>
    /// Sequences in a shard of a large batch: enough for full register tiles, few enough to give every core a shard and to keep
    /// what a shard remembers of its steps near the core.
    /// </summary>
    private const int ShardSequences = 16;

    /// <summary>Fewer sequences than this in a shard cost more in half-empty tiles than another thread gains.</summary>
    private const int SmallestShard = 4;

    /// <summary>Weights that one task adds up.</summary>
    private const int BlockLength = 1 << 14;

    private readonly Network _network;
    private readonly WorkerThreads _workers;
    private readonly SequenceDataset _data;
    private readonly NetworkPass[] _passes;
    private readonly EmbeddingGradients[][] _embeddings;
    private readonly FloatBuffer[] _shardGradients;
    private readonly CarriedStates[] _carried;
    private readonly float[]? _classWeights;
    private readonly double[] _losses;
    private readonly double[] _squares;
    private readonly Action<int, int> _shardTask, _sumTask;

    private int[] _rows = [];
    private int _count, _shards;
    private double _weight;
    private Regularization _regularization;
    private StepRange _steps;

    /// <param name="network">Has the weights.</param>
    /// <param name="data">Where the batches' rows are.</param>
    /// <param name="largestBatch">Rows in a batch, at most.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="classWeights">
    /// What the examples, or steps, of each class count on top of their own weights; null: all alike.
    /// </param>
    public ShardedGradient(Network network, SequenceDataset data, int largestBatch, WorkerThreads workers,
        float[]? classWeights = null)
    {
        _classWeights = classWeights;
        _network = network;
        _data = data;
        _workers = workers;
        int shards = ShardCount(largestBatch);
        _passes = [.. Enumerable.Range(0, workers.Threads).Select(_ => network.CreatePass())];
        _embeddings = [.. Enumerable.Range(0, shards).Select(_ => network.CreateEmbeddingGradients())];
        _shardGradients = [.. Enumerable.Range(0, shards).Select(_ => new FloatBuffer(network.Parameters.DenseLength))];
        CarriesStates = network.Spec.ReadsInPieces;
        _carried = [.. Enumerable.Range(0, CarriesStates ? shards : 0).Select(_ => network.CreateCarriedStates())];
        _losses = new double[shards];
        Gradients = new FloatBuffer(network.Parameters.DenseLength);
        Tables = network.Parameters.Tables.All(table => table.IsFrozen) ? null
            : new FeatureTables(network.Parameters, _embeddings);
        _squares = new double[Tasks(network.Parameters.DenseLength, BlockLength)];
        (_shardTask, _sumTask) = (Shard, Sum);
    }

    /// <summary>The batch's gradient of all parameters but the tables, laid out like these.</summary>
    public FloatBuffer Gradients { get; }

    /// <summary>The part of the gradient that is in tables; null where there are none that learn.</summary>
    public FeatureTables? Tables { get; }

    /// <summary>
    /// Whether a batch can be learned from piece by piece, the states carried from piece to piece: every step has a label,
    /// and neither a state nor the loss of a step depends on a later step. A CRF learns from whole sequences;
    /// truncated backpropagation then only cuts the gradient between states, as in a bidirectional network.
    /// </summary>
    public bool CarriesStates { get; }

    /// <summary>The states with which the next piece of a batch goes on, in a fixed order.</summary>
    public IEnumerable<FloatBuffer> CarriedStates => _carried.SelectMany(states => states.Hidden.Concat(states.CellStates));

    /// <summary>
    /// Into how many shards a batch is dealt: an even number from 8 sequences on, so that two threads share the work.
    /// </summary>
    public static int ShardCount(int sequences) =>
        Math.Clamp(2 * Tasks(sequences, 2 * ShardSequences), 1, Math.Max(1, sequences / SmallestShard));

    /// <summary>Computes the gradient of the mean loss over a batch, by the examples' weights.</summary>
    /// <param name="rows">The batch's rows, longest first.</param>
    /// <param name="regularization">Of this update.</param>
    /// <param name="steps">
    /// Which steps to learn from: all, or where <see cref="CarriesStates"/> a piece. A piece begins with the states that the
    /// piece before it has left; the rows must be the same.
    /// </param>
    /// <returns>The sum of weighted losses, the sum of weights and the gradient's Euclidean norm.</returns>
    public (double Loss, double Weight, double Norm) Compute(ReadOnlySpan<int> rows, in Regularization regularization,
        StepRange steps)
    {
        if (_rows.Length < rows.Length)
            _rows = new int[rows.Length];
        rows.CopyTo(_rows);
        _shards = ShardCount(rows.Length);
        (_regularization, _steps) = (regularization, steps);
        _count = rows.Length;
        while (steps.First > 0 && _count > 0 && _data.Length(rows[_count - 1]) <= steps.First)
            _count--;
        _weight = 0;
        foreach (int row in rows[.._count])
            _weight += _data.Weight(row) * _data.Targets.Count(row, steps, _classWeights);
        if (_weight == 0 && steps == StepRange.All)
            return (0, 0, 0);

        Tables?.CatchUp(_data, rows[.._count], steps, _workers);
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

    /// <summary>
    /// Forward, loss and backward of every sequence k with k mod shards = shard: all shards get long and short ones.
    /// </summary>
    private void Shard(int shard, int thread)
    {
        int count = Math.Max(0, (_count - shard + _shards - 1) / _shards);
        Span<int> rows = stackalloc int[count], numbers = stackalloc int[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = shard + i * _shards;
            rows[i] = _rows[numbers[i]];
        }
        NetworkPass pass = _passes[thread];
        WorkClock.Begin(WorkKind.Other);
        pass.Load(_data, rows, numbers, _steps);
        pass.LoadTargets(_data, rows, _weight, _classWeights, _steps.First);
        bool isPiece = _steps != StepRange.All;
        if (isPiece)
            pass.RestoreStates(_carried[shard], begins: _steps.First == 0);
        _losses[shard] = _network.Learn(pass, _regularization, _shardGradients[shard], _embeddings[shard]);
        if (isPiece)
            pass.SaveStates();
        WorkClock.End();
    }

    /// <summary>One block of the shards' gradients: their sum, its square, and zeros for the next batch.</summary>
    private void Sum(int block, int thread)
    {
        long from = (long)block * BlockLength;
        var span = (int)Math.Min(BlockLength, _network.Parameters.DenseLength - from);
        float* sum = Gradients.Data + from;
        WorkClock.Begin(WorkKind.Sum, "dense", 0, sizeof(float) * (3.0 * _shards + 1) * span);
        Rows.Copy(_shardGradients[0].Data + from, sum, span);
        for (int shard = 0; shard < _shards; shard++)
        {
            float* gradient = _shardGradients[shard].Data + from;
            if (shard > 0)
                Rows.Add(gradient, sum, span);
            new Span<float>(gradient, span).Clear();
        }
        _squares[block] = Rows.SumOfSquares(sum, span);
        WorkClock.End();
    }
}
