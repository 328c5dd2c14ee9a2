namespace SequenceModels.Files;

/// <summary>What a thread has read of a list whose blocks are elsewhere, as long as it may need it again.</summary>
internal sealed class BlockReading<T>
{
    /// <summary>Values that are read at once where one stretch follows the other.</summary>
    public const int Ahead = 1 << 16;

    private readonly Dictionary<long, ArraySegment<T>> _fetched = [];
    private (long Start, T[] Values) _last = (0, []);
    private long _end = -1;

    /// <summary>Whether a stretch begins where the one before it has ended.</summary>
    public bool Follows(long start, int length)
    {
        bool follows = start == _end;
        _end = start + length;
        return follows;
    }

    /// <summary>Forgets what was fetched.</summary>
    public void Clear() => _fetched.Clear();

    /// <summary>Keeps a stretch until others are fetched.</summary>
    public void Add(long start, ArraySegment<T> values) => _fetched[start] = values;

    /// <summary>Keeps a stretch until another one is read.</summary>
    public T[] Keep(long start, T[] values) => (_last = (start, values)).Values;

    public bool TryFind(long start, int length, out ReadOnlySpan<T> values)
    {
        // The labels of steps that come next begin one behind the steps.
        for (int before = 0; before < 2; before++)
            if (_fetched.TryGetValue(start - before, out ArraySegment<T> fetched) && before + length <= fetched.Count)
            {
                values = fetched.AsSpan(before, length);
                return true;
            }
        bool isWithin = start >= _last.Start && start + length <= _last.Start + _last.Values.Length;
        values = isWithin ? _last.Values.AsSpan((int)(start - _last.Start), length) : [];
        return isWithin;
    }
}
