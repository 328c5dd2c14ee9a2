using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// Deals the rows of a data set into batches, anew for each epoch: a seeded random order, in which sequences of like length are
/// brought together, so that a batch's shards finish at the same time.
/// </summary>
internal sealed class Batches
{
    /// <summary>Batches within whose rows lengths are sorted: enough to find company, few enough to keep the order random.</summary>
    private const int BucketBatches = 50;

    private readonly SequenceDataset _data;
    private readonly int _batchSize, _seed;
    private readonly int[] _rows;
    private readonly int[] _order;
    private readonly long[] _keys;

    public Batches(SequenceDataset data, int batchSize, int seed)
    {
        _data = data;
        _batchSize = batchSize;
        _seed = seed;
        _rows = new int[data.Count];
        _keys = new long[data.Count];
        _order = [.. Enumerable.Range(0, (data.Count + batchSize - 1) / batchSize)];
    }

    /// <summary>Batches in an epoch.</summary>
    public int Count => _order.Length;

    /// <summary>Draws the order of an epoch; the same for the same seed and epoch, whatever came before.</summary>
    public void Shuffle(int epoch)
    {
        var random = RandomStream.For(_seed, purpose: 1 + (ulong)epoch);
        for (int i = 0; i < _rows.Length; i++)
            _rows[i] = i;
        random.Shuffle<int>(_rows);
        int bucket = checked(Math.Min(_batchSize, _rows.Length) * BucketBatches);
        for (int start = 0; start < _rows.Length; start += bucket)
            SortLongestFirst(_rows.AsSpan(start, Math.Min(bucket, _rows.Length - start)));
        // Without this the longest sequences of a bucket would always be learned first. The short last batch stays last.
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        random.Shuffle(_order.AsSpan(0, _rows.Length / _batchSize));
    }

    /// <summary>The rows of a batch of the shuffled epoch, longest first.</summary>
    public ReadOnlySpan<int> this[int batch]
    {
        get
        {
            int start = _order[batch] * _batchSize;
            return _rows.AsSpan(start, Math.Min(_batchSize, _rows.Length - start));
        }
    }

    /// <summary>
    /// Longest first; equal lengths stay in the drawn order. The data's own order must not decide: files are often sorted by label.
    /// </summary>
    private void SortLongestFirst(Span<int> rows)
    {
        Span<long> keys = _keys.AsSpan(0, rows.Length);
        for (int i = 0; i < rows.Length; i++)
            keys[i] = (long)-_data.Length(rows[i]) << 32 | (long)i;
        keys.Sort(rows);
    }
}
