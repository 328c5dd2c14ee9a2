using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SequenceModels.Files;

/// <summary>
/// A list of numbers that grows at its end. Where processes hold rows together, its blocks are dealt to them in turn once they
/// are full, and each process keeps its own; the others' come when they are read. Else all of it is held here. Any number of
/// threads may read at once; spans are good until the next write.
/// </summary>
internal sealed class DealtList<T> : IOwnBlocks, IDisposable where T : unmanaged
{
    /// <summary>Numbers in a block, but in tests: 1 MB of keys or floats.</summary>
    public const int UsualBlockLength = 1 << 18;

    private static readonly int s_size = Marshal.SizeOf<T>();

    private readonly int _rank, _ranks = 1, _blockLength = UsualBlockLength;
    private readonly IBlocks? _others;
    private readonly object _gate = new(); // of _own, where others read while it is written
    private readonly SpillList<T> _own, _open; // blocks of this process; what was not dealt yet
    private readonly List<byte[]> _hashes = []; // of each dealt block
    private readonly ThreadLocal<BlockReading<T>>? _readings; // where some of it is elsewhere
    private long _dealt;
    private bool _isDisposed;

    /// <param name="budget">Of this process's memory.</param>
    /// <param name="group">The processes; null: there is only this one.</param>
    public DealtList(MemoryBudget budget, IBlockGroup? group)
    {
        (_own, _open) = (new(budget), new(budget));
        if (group?.Share(this) is not { } others)
            return;
        _readings = new(() => new BlockReading<T>());
        (_others, _rank, _ranks, _blockLength) = (others, group.Rank, group.Size, group.BlockLength);
    }

    public long Count => _dealt + _open.Count;

    public bool IsMapped => _own.IsMapped || _open.IsMapped;

    /// <summary>Whether some of it is held by other processes.</summary>
    public bool IsDealt => _dealt > 0;

    public ReadOnlySpan<T> Span(long start, int length)
    {
        if (start >= _dealt)
            return _open.Span(start - _dealt, length);
        if ((ulong)length > (ulong)(Count - start) || start < 0)
            throw new ArgumentOutOfRangeException(nameof(start),
                Invariant($"{length} values from {start} on are not within the {Count} there are."));
        BlockReading<T> reading = _readings!.Value!;
        bool follows = reading.Follows(start, length);
        if (reading.TryFind(start, length, out ReadOnlySpan<T> found))
            return found;
        if (IsOwn(start) && BlockOf(start) == BlockOf(start + Math.Max(1, length) - 1))
            return _own.Span(PlaceOf(start), length);
        T[] values = new T[follows ? (int)Math.Min(Count - start, Math.Max(length, BlockReading<T>.Ahead)) : length];
        var parts = new List<BlockPart>();
        Copy(start, values, 0, values.Length, parts);
        Read(parts, values);
        return reading.Keep(start, values).AsSpan(0, length);
    }

    /// <summary>Has stretches come from other processes at once, before this thread reads them one by one.</summary>
    public void Fetch(ReadOnlySpan<(long Start, int Length)> stretches)
    {
        BlockReading<T> reading = _readings!.Value!;
        var wanted = new List<(long Start, int Length)>();
        int count = 0;
        foreach ((long start, int asked) in stretches)
        {
            int length = (int)Math.Min(asked, Count - start);
            if (length <= 0 || start >= _dealt || (IsOwn(start) && BlockOf(start) == BlockOf(start + length - 1)))
                continue;
            wanted.Add((start, length));
            count = checked(count + length);
        }
        var values = new T[count];
        var parts = new List<BlockPart>();
        int at = 0;
        reading.Clear();
        foreach ((long start, int length) in wanted)
        {
            Copy(start, values, at, length, parts);
            reading.Add(start, new ArraySegment<T>(values, at, length));
            at += length;
        }
        Read(parts, values);
    }

    /// <summary>Puts values at a place up to the end; the list then ends with them.</summary>
    /// <param name="start">No value before the last <see cref="Deal"/>.</param>
    /// <param name="values">The values.</param>
    public void Write(long start, ReadOnlySpan<T> values) => _open.Write(start - _dealt, values);

    /// <summary>Cuts the list, not before the last <see cref="Deal"/>.</summary>
    public void Resize(long count) => _open.Resize(count - _dealt);

    /// <summary>Says that the values before a place stay: what of them fills blocks is dealt.</summary>
    public void Deal(long count)
    {
        if (_others is null || count - _dealt < _blockLength)
            return;
        long begin = 0;
        for (; _dealt + _blockLength <= count; _dealt += _blockLength, begin += _blockLength)
        {
            Span<T> block = _open.Span(begin, _blockLength);
            _hashes.Add(SHA256.HashData(MemoryMarshal.AsBytes(block)));
            if (!IsOwn(_dealt))
                continue;
            lock (_gate)
            {
                _own.Write(_own.Count, block);
                Monitor.PulseAll(_gate);
            }
        }
        const int Part = 1 << 20;
        long left = _open.Count - begin;
        for (long at = 0; at < left; at += Part)
        {
            int length = (int)Math.Min(Part, left - at);
            _open.Span(begin + at, length).CopyTo(_open.Span(at, length));
        }
        _open.Resize(left);
    }

    /// <summary>Forgets all values and keeps the memory for others; not where they are dealt.</summary>
    public void Clear()
    {
        if (IsDealt)
            throw new InvalidOperationException("Rows that several processes hold together stay.");
        _open.Clear();
    }

    /// <summary>Adds the number of values and all of them to a hash; the same wherever they are.</summary>
    public void AppendTo(IncrementalHash hash)
    {
        hash.AppendData(MemoryMarshal.AsBytes<long>([Count]));
        foreach (byte[] block in _hashes)
            hash.AppendData(block);
        for (long start = 0; start < _open.Count; start += _blockLength)
            hash.AppendData(SHA256.HashData(MemoryMarshal.AsBytes(
                _open.Span(start, (int)Math.Min(_blockLength, _open.Count - start)))));
    }

    void IOwnBlocks.Read(long start, Span<byte> to)
    {
        lock (_gate)
        {
            while (start + to.Length > _own.Count * s_size)
            {
                if (_isDisposed)
                    throw new IOException(Invariant($"Rank {_rank} has ended its training before it has read all rows."));
                Monitor.Wait(_gate);
            }
            long first = start / s_size;
            int count = (int)((start + to.Length + s_size - 1) / s_size - first);
            MemoryMarshal.AsBytes(_own.Span(first, count)).Slice((int)(start - first * s_size), to.Length).CopyTo(to);
        }
    }

    void IOwnBlocks.Release()
    {
        lock (_gate)
            _own.Dispose();
    }

    public void Dispose()
    {
        _open.Dispose();
        _readings?.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }
        if (_others is null)
            _own.Dispose();
        else
            _others.Dispose(); // the others may still need blocks of this process
    }

    private long BlockOf(long place) => place / _blockLength;

    private bool IsOwn(long place) => BlockOf(place) % _ranks == _rank;

    /// <summary>Where a value is among the blocks of the process that has it.</summary>
    private long PlaceOf(long place) => BlockOf(place) / _ranks * _blockLength + place % _blockLength;

    /// <summary>Copies what is here, and lists what is elsewhere.</summary>
    private void Copy(long start, T[] to, int at, int length, List<BlockPart> parts)
    {
        while (length > 0)
        {
            bool isOpen = start >= _dealt;
            int count = isOpen ? length : (int)Math.Min(length, _blockLength - start % _blockLength);
            if (isOpen)
                _open.Span(start - _dealt, count).CopyTo(to.AsSpan(at));
            else if (IsOwn(start))
                _own.Span(PlaceOf(start), count).CopyTo(to.AsSpan(at));
            else
                parts.Add(new BlockPart((int)(BlockOf(start) % _ranks), PlaceOf(start) * s_size, checked(at * s_size),
                    count * s_size));
            (start, at, length) = (start + count, at + count, length - count);
        }
    }

    private void Read(List<BlockPart> parts, T[] values)
    {
        if (parts.Count > 0)
            _others!.Read(CollectionsMarshal.AsSpan(parts), MemoryMarshal.AsBytes(values.AsSpan()));
    }
}
