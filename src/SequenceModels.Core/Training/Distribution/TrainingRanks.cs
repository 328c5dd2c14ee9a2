using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>
/// The processes that do one training, as the engine sees them. What chance, a clock or the outside decides is decided by one of
/// them, or by any, and known to all before they go on. A training of one process goes the same ways and asks nobody.
/// </summary>
/// <param name="group">Null: there is only this process.</param>
internal sealed class TrainingRanks(IProcessGroup? group)
{
    private const byte Well = 0, Canceled = 1, NotWritten = 2, Failed = 3;

    private readonly int _rank = group?.Rank ?? 0, _size = group?.Size ?? 1;
    private readonly byte[] _flags = new byte[group?.Size ?? 1];
    private double[] _losses = [];

    /// <summary>The exception that all ranks have thrown, or are about to.</summary>
    private Exception? _shared;

    /// <summary>One process.</summary>
    public static TrainingRanks Alone { get; } = new(null);

    /// <summary>Null: there is only this process.</summary>
    public IProcessGroup? Group => group;

    /// <summary>Whether this one measures, reports and writes.</summary>
    public bool IsFirst => _rank == 0;

    /// <summary>The shards that this process learns from.</summary>
    public ShardShare ShareOf(int shards) => ShardShare.Of(shards, _rank, _size);

    /// <summary>How many shards one process learns from, at most.</summary>
    public int MostOf(int shards) => (shards + _size - 1) / _size;

    /// <summary>The sum of what each shard has, in their order.</summary>
    /// <param name="own">Of the shards of this process.</param>
    /// <param name="shards">Of all.</param>
    public double Sum(ReadOnlySpan<double> own, int shards)
    {
        double sum = 0;
        if (group is null)
        {
            foreach (double each in own)
                sum += each;
            return sum;
        }
        int most = MostOf(shards);
        if (_losses.Length < (_size + 1) * most)
            _losses = new double[(_size + 1) * most];
        Span<double> all = _losses.AsSpan(0, _size * most), mine = _losses.AsSpan(_size * most, most);
        own.CopyTo(mine);
        group.Gather(MemoryMarshal.AsBytes(mine), MemoryMarshal.AsBytes(all));
        for (int rank = 0; rank < _size; rank++)
            for (int i = 0; i < ShardShare.Of(shards, rank, _size).Count; i++)
                sum += all[rank * most + i];
        return sum;
    }

    /// <summary>Copies a state from the rank that has its shard to all others.</summary>
    public float[] Share(FloatBuffer state, int shard, int shards)
    {
        float[] own = state.Span.ToArray();
        return group is null || shard >= shards ? own : MemoryMarshal.Cast<byte, float>(
            Of(ShardShare.RankOf(shard, shards, _size), MemoryMarshal.AsBytes(own.AsSpan()).ToArray())).ToArray();
    }

    /// <summary>Whether something holds on any of the ranks.</summary>
    public bool AnyOf(bool here)
    {
        if (group is null)
            return here;
        Span<byte> own = [here ? (byte)1 : (byte)0];
        group.Gather(own, _flags);
        return _flags.AsSpan().Contains((byte)1);
    }

    /// <summary>What the first rank says.</summary>
    public int OfFirst(int here) => OfRank(0, here);

    /// <summary>What the first rank says.</summary>
    public bool OfFirst(bool here) => OfFirst(here ? 1 : 0) != 0;

    /// <summary>Bytes that the first rank has; null where it has none.</summary>
    public byte[]? OfFirst(byte[]? here) => OfFirst(here is not null) ? Of(0, here ?? []) : null;

    /// <summary>Bytes that a rank has.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="here">Those of this one.</param>
    public byte[] Of(int rank, byte[] here)
    {
        if (group is null)
            return here;
        byte[] bytes = new byte[OfRank(rank, here.Length)];
        if (rank == _rank)
            here.CopyTo(bytes, 0);
        group.Broadcast(bytes, rank);
        return bytes;
    }

    /// <summary>Does something on the first rank. Where that fails, it fails on all.</summary>
    public void OnFirst(Action action)
    {
        if (group is null)
        {
            action();
            return;
        }
        Exception? failure = null;
        try
        {
            if (IsFirst)
                action();
        }
        catch (Exception e)
        {
            failure = e;
        }
        int kind = OfFirst(failure switch
        {
            null => Well,
            OperationCanceledException => Canceled,
            CheckpointNotWrittenException => NotWritten,
            _ => Failed,
        });
        if (kind == Well)
            return;
        string message = Encoding.UTF8.GetString(OfFirst(failure is null ? null : Encoding.UTF8.GetBytes(
            failure is CheckpointNotWrittenException lost ? lost.Why : failure.Message))!);
        Throw(failure ?? kind switch
        {
            Canceled => new OperationCanceledException(message),
            NotWritten => new CheckpointNotWrittenException(message, new IOException(message)),
            _ => new InvalidOperationException(message),
        });
    }

    /// <summary>Throws if the job was cancelled on any of the ranks.</summary>
    /// <exception cref="OperationCanceledException">It was.</exception>
    public void ThrowIfCanceled(TrainingJob job)
    {
        OperationCanceledException? canceled = null;
        try
        {
            job.ThrowIfCanceled();
        }
        catch (OperationCanceledException e) when (group is not null)
        {
            canceled = e;
        }
        if (AnyOf(canceled is not null) && group is not null)
            Throw(canceled ?? new OperationCanceledException("The training was cancelled on another rank."));
    }

    /// <summary>Marks an exception that is thrown by all ranks.</summary>
    public Exception Shared(Exception exception) => _shared = exception;

    /// <summary>Whether an exception is thrown by all ranks, so that each can go its way with it.</summary>
    public bool IsShared(Exception exception) => group is null || ReferenceEquals(exception, _shared);

    /// <summary>Tells the others of an exception that this process ends with.</summary>
    public void Fail(Exception exception) => group?.Fail(exception, IsShared(exception));

    private int OfRank(int rank, int here)
    {
        if (group is null)
            return here;
        Span<byte> content = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(content, here);
        group.Broadcast(content, rank);
        return BinaryPrimitives.ReadInt32LittleEndian(content);
    }

    private void Throw(Exception exception) => ExceptionDispatchInfo.Throw(Shared(exception));
}
