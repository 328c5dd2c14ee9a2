namespace SequenceModels.Scoring;

/// <summary>Sorts the rows of a block into batches of sequences of like length.</summary>
/// <param name="mostSequences">Of a batch.</param>
internal sealed class LengthBuckets(int mostSequences)
{
    private const int MostSteps = 4096;

    private readonly List<Range> _batches = [];
    private int[] _rows = [], _lengths = [];

    /// <summary>How many batches there are.</summary>
    public int Count => _batches.Count;

    /// <summary>The rows of a batch, the longest first.</summary>
    public ReadOnlySpan<int> this[int batch] => _rows.AsSpan(_batches[batch]);

    /// <summary>
    /// Sorts the readable rows by length, the longest first, and cuts them where a batch has enough sequences or steps.
    /// </summary>
    public void Cut(RowBlock block)
    {
        if (_rows.Length < block.Count)
            (_rows, _lengths) = (new int[block.Count], new int[block.Count]);
        int count = 0;
        for (int row = 0; row < block.Count; row++)
            if (block.IsReadable(row))
                (_rows[count], _lengths[count++]) = (row, -block.Sequences.Length(row));
        Array.Sort(_lengths, _rows, 0, count);

        _batches.Clear();
        for (int start = 0, end; start < count; start = end)
        {
            int steps = -_lengths[start];
            for (end = start + 1; end < count && end - start < mostSequences && steps - _lengths[end] <= MostSteps; end++)
                steps -= _lengths[end];
            _batches.Add(start..end);
        }
    }
}
