using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// The gradient of a batch, by many threads and yet always the same bits. The batch is dealt into shards whose number depends on
/// its size alone; each shard has a gradient buffer of its own, and the buffers are added in the shards' order. Of several
/// processes each learns from some of the shards.
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
    private readonly ShardSum _sum;
    private readonly CarriedStates[] _carried;
    private readonly float[]? _classWeights;
    private readonly double[] _losses;
    private readonly double[] _squares;
    private readonly Action<int, int> _shardTask, _sumTask, _squareTask, _addBlocks;
    private readonly TrainingRanks _ranks;

    private int[] _rows = [];
    private int _count, _shards, _firstBlock, _begun;
    private ShardShare _share;
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
    /// <param name="ranks">The processes; null: only this one.</param>
    public ShardedGradient(Network network, SequenceDataset data, int largestBatch, WorkerThreads workers,
        float[]? classWeights = null, TrainingRanks? ranks = null)
    {
        _ranks = ranks ?? TrainingRanks.Alone;
        _classWeights = classWeights;
        _network = network;
        _data = data;
        _workers = workers;
        int shards = ShardCount(largestBatch), own = _ranks.MostOf(shards);
        _passes = [.. Enumerable.Range(0, workers.Threads).Select(_ => network.CreatePass())];
        _embeddings = [.. Enumerable.Range(0, own).Select(_ => network.CreateEmbeddingGradients())];
        // What a group begins its sum with on the first rank may be anything: there too the first shard is added to it.
        _sum = new ShardSum(network.Parameters.DenseLength, own, begins: _ranks.Group is null);
        CarriesStates = network.Spec.ReadsInPieces;
        _carried = [.. Enumerable.Range(0, CarriesStates ? shards : 0).Select(_ => network.CreateCarriedStates())];
        _losses = new double[own];
        Tables = network.Parameters.Tables.All(table => table.IsFrozen) ? null
            : new FeatureTables(network.Parameters, _embeddings, _ranks);
        _squares = new double[Tasks(network.Parameters.DenseLength, BlockLength)];
        (_shardTask, _sumTask, _squareTask, _addBlocks) = (Shard, Sum, Square, AddBlocks);
    }

    /// <summary>The batch's gradient of all parameters but the tables, laid out like these.</summary>
    public FloatBuffer Gradients => _sum.Total;

    /// <summary>The part of the gradient that is in tables; null where there are none that learn.</summary>
    public FeatureTables? Tables { get; }

    /// <summary>
    /// Whether a batch can be learned from piece by piece, the states carried from piece to piece: every step has a label,
    /// and neither a state nor the loss of a step depends on a later step. A CRF learns from whole sequences;
    /// truncated backpropagation then only cuts the gradient between states, as in a bidirectional network.
    /// </summary>
    public bool CarriesStates { get; }

    /// <summary>The states with which the next piece of a batch goes on, in a fixed order; filled where the shard is.</summary>
    public IEnumerable<FloatBuffer> CarriedStates => _carried.SelectMany(states => states.Hidden.Concat(states.CellStates));

    /// <summary>Copies of all of these, of the shards of other processes too.</summary>
    public float[][] CopyCarriedStates() => [.. _carried.SelectMany((states, shard) =>
        states.Hidden.Concat(states.CellStates).Select(state => _ranks.Share(state, shard, _shards)))];

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
        _share = _ranks.ShareOf(_shards);
        _sum.Begin(_share.Count);
        _begun = 0;
        _workers.Run(_share.Count, _shardTask);
        int blocks = Tasks(_network.Parameters.DenseLength, BlockLength);
        SumBlocks(blocks);
        double squares = Tables?.Compute(_share.Count, _workers) ?? 0;
        double loss = _ranks.Sum(_losses.AsSpan(0, _share.Count), _shards);
        for (int i = 0; i < blocks; i++)
            squares += _squares[i];
        return (loss * _weight, _weight, Math.Sqrt(squares));
    }

    private static int Tasks(long items, int perTask) => (int)((items + perTask - 1) / perTask);

    /// <summary>
    /// Forward, loss and backward of every sequence k with k mod shards = shard: all shards get long and short ones.
    /// </summary>
    private void Shard(int task, int thread)
    {
        // Where threads have several, in their order: the sooner a shard's turn to be added comes.
        int ownShard = _share.Count > _workers.Threads ? Interlocked.Increment(ref _begun) - 1 : task;
        int shard = _share.First + ownShard;
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
        FloatBuffer gradient = _sum.Take(ownShard);
        _losses[ownShard] = _network.Learn(pass, _regularization, gradient, _embeddings[ownShard]);
        if (isPiece)
            pass.SaveStates();
        _sum.Put(ownShard, gradient);
        WorkClock.End();
    }

    private void SumBlocks(int blocks)
    {
        _firstBlock = 0;
        if (_ranks.Group is not { } group)
        {
            _workers.Run(blocks, _sumTask);
            return;
        }
        group.SumInOrder(new Span<float>(Gradients.Data, checked((int)_network.Parameters.DenseLength)), BlockLength, _addBlocks);
        _workers.Run(blocks, _squareTask);
    }

    /// <summary>The blocks [first, first + count) of the shards' gradients.</summary>
    private void AddBlocks(int first, int count)
    {
        _firstBlock = first;
        _workers.Run(count, _sumTask);
    }

    /// <summary>What is not yet in the sum, of one block of the shards' gradients.</summary>
    private void Sum(int task, int thread)
    {
        int block = _firstBlock + task;
        long from = (long)block * BlockLength;
        int count = LengthOf(block);
        float* sum = Gradients.Data + from;
        WorkClock.Begin(WorkKind.Sum, "dense", 0, sizeof(float) * (_share.Count - _sum.Added + 1.0) * count);
        for (int shard = _sum.Added; shard < _share.Count; shard++)
        {
            float* gradient = _sum[shard] + from;
            if (_share.First + shard > 0)
                Rows.Add(gradient, sum, count); // to what the shards before it have come to, wherever they are
            else if (gradient != sum)
                Rows.Copy(gradient, sum, count);
        }
        if (_ranks.Group is null)
            Square(block, thread);
        WorkClock.End();
    }

    private void Square(int block, int thread) =>
        _squares[block] = Rows.SumOfSquares(Gradients.Data + (long)block * BlockLength, LengthOf(block));

    private int LengthOf(int block) =>
        (int)Math.Min(BlockLength, _network.Parameters.DenseLength - (long)block * BlockLength);
}
