using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>
/// The sum of the shards' gradients, in the order of the shards, and the buffers that they are computed in. While shards wait for
/// a thread, one that is done is added as soon as those before it are, and its buffer is free for the next: there are about as
/// many as threads, however many shards a batch has. What is left when no shard waits any more, all threads add together.
/// </summary>
/// <param name="length">Floats of a gradient.</param>
/// <param name="mostShards">Of this process, at most.</param>
/// <param name="begins">
/// Whether the sum begins here, with the first shard; else with what another process has, and nothing is added before that is
/// known.
/// </param>
internal sealed unsafe class ShardSum(long length, int mostShards, bool begins)
{
    private readonly Lock _gate = new();
    private readonly Stack<FloatBuffer> _free = new(mostShards);

    /// <summary>[shard] its gradient, from when it is done until it is added.</summary>
    private readonly FloatBuffer?[] _done = new FloatBuffer?[mostShards];

    private int _shards, _taken;
    private bool _isAdding;

    /// <summary>The sum.</summary>
    public FloatBuffer Total { get; } = new(length);

    /// <summary>Shards that are in the sum, the first ones.</summary>
    public int Added { get; private set; }

    /// <summary>The gradient of a shard that is done and not in the sum, or is the beginning of it.</summary>
    public float* this[int shard] => _done[shard]!.Data;

    /// <summary>Begins a batch of so many shards.</summary>
    public void Begin(int shards)
    {
        for (int shard = 0; shard < _done.Length; shard++)
        {
            if (_done[shard] is { } buffer && buffer != Total)
                _free.Push(buffer);
            _done[shard] = null;
        }
        (_shards, _taken, Added, _isAdding) = (shards, 0, 0, false);
    }

    /// <summary>Zeros, for the gradient of a shard.</summary>
    public FloatBuffer Take(int shard)
    {
        FloatBuffer? buffer = Total;
        lock (_gate)
        {
            _taken++;
            if ((shard > 0 || !begins) && !_free.TryPop(out buffer))
                buffer = new FloatBuffer(length);
        }
        buffer.Clear(length);
        return buffer;
    }

    /// <summary>The gradient of a shard is done.</summary>
    public void Put(int shard, FloatBuffer gradient)
    {
        lock (_gate)
        {
            _done[shard] = gradient;
            if (_isAdding || !begins)
                return; // whoever adds goes on to this one, if its turn comes
            _isAdding = true;
        }
        while (Next() is { } next)
        {
            if (next != Total)
                Add(next);
            lock (_gate)
            {
                _done[Added++] = null;
                if (next != Total)
                    _free.Push(next);
            }
        }
    }

    /// <summary>What is to be added next; null: it is not done, or no shard needs its buffer.</summary>
    private FloatBuffer? Next()
    {
        lock (_gate)
        {
            FloatBuffer? next = _taken < _shards ? _done[Added] : null;
            _isAdding = next is not null;
            return next;
        }
    }

    private void Add(FloatBuffer gradient)
    {
        WorkClock.Begin(WorkKind.Sum, "dense", 0, sizeof(float) * 3.0 * length);
        Rows.Add(gradient.Data, Total.Data, checked((int)length));
        WorkClock.End();
    }
}
