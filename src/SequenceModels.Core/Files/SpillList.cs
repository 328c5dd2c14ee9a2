using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SequenceModels.Files;

/// <summary>
/// A list of numbers: an array as long as the budget lasts, then a memory-mapped temporary file, which may hold more than an
/// array can. Any number of threads may read at once; spans are good until the next write that makes the list longer.
/// </summary>
/// <param name="budget">Shared with other stores. What it has taken is given back on disposal.</param>
internal sealed unsafe class SpillList<T>(MemoryBudget budget) : IDisposable where T : unmanaged
{
    private const int SmallestArray = 4;

    private T[] _array = [];
    private TemporaryMappedFile? _file;
    private bool _isDisposed;

    public long Count { get; private set; }

    public bool IsMapped => _file is not null;

    public T this[long index] => Span(index, 1)[0];

    public Span<T> Span(long start, int length)
    {
        if ((ulong)start > (ulong)Count || (ulong)length > (ulong)(Count - start))
            throw NotWithin(start, length);
        return _file is null ? _array.AsSpan((int)start, length) : new Span<T>((T*)_file.Data + start, length);
    }

    public void Add(T value) => Write(Count, new ReadOnlySpan<T>(in value));

    /// <summary>Puts values at a place up to the end; the list then ends with them.</summary>
    /// <exception cref="IOException">A temporary file is needed and cannot be written.</exception>
    public void Write(long start, ReadOnlySpan<T> values)
    {
        Resize(start + values.Length);
        values.CopyTo(Span(start, values.Length));
    }

    /// <summary>Cuts the list, or makes it longer by values of any kind.</summary>
    /// <exception cref="IOException">A temporary file is needed and cannot be written.</exception>
    public void Resize(long count)
    {
        if (count > (_file is null ? _array.Length : _file.Length / sizeof(T)))
            Grow(count);
        Count = count;
    }

    /// <summary>Forgets all values and keeps the memory for others.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds the number of values and all of them to a hash.</summary>
    public void AppendTo(IncrementalHash hash)
    {
        const int Part = 1 << 20;
        hash.AppendData(MemoryMarshal.AsBytes<long>([Count]));
        for (long start = 0; start < Count; start += Part)
            hash.AppendData(MemoryMarshal.AsBytes(Span(start, (int)Math.Min(Part, Count - start))));
    }

    public void Dispose()
    {
        _isDisposed = true;
        Count = 0;
        ReleaseArray();
        _file?.Dispose();
        _file = null;
    }

    private void Grow(long count)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_file is null && TryGrowArray(count))
            return;
        // A length that no file can have must fail as one that finds no room.
        long bytes = count > long.MaxValue / sizeof(T) ? long.MaxValue : count * sizeof(T);
        try
        {
            if (_file is null)
                MoveToFile(bytes);
            else
                _file.Reserve(bytes);
        }
        // the last: EFBIG
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            Dispose();
            throw budget.NoFile(bytes, e);
        }
    }

    private ArgumentOutOfRangeException NotWithin(long start, int length) =>
        new(nameof(start), Invariant($"{Counted.Of(length, "value")} from {start} on are not within the {Count} there are."));

    /// <summary>The budget must have room for the new array beside the old one: both are there while values are copied.</summary>
    private bool TryGrowArray(long count)
    {
        long length = Math.Min(Math.Max(count, Math.Max(2L * _array.Length, SmallestArray)), Array.MaxLength);
        if (count > length || !budget.TryTake(length * sizeof(T)))
            return false;
        T[] old = _array;
        Array.Resize(ref _array, (int)length);
        budget.GiveBack((long)old.Length * sizeof(T));
        return true;
    }

    private void MoveToFile(long bytes)
    {
        var file = new TemporaryMappedFile(budget.Folder);
        try
        {
            file.Reserve(bytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        Span(0, (int)Count).CopyTo(new Span<T>(file.Data, (int)Count));
        _file = file;
        ReleaseArray();
    }

    private void ReleaseArray()
    {
        budget.GiveBack((long)_array.Length * sizeof(T));
        _array = [];
    }
}
