using SequenceModels.Files;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// Deals the rows of a data set into batches, anew for each epoch: a seeded random order, in which sequences of like length are
/// brought together, so that a batch's shards finish at the same time.
/// </summary>
internal sealed class Batches : IDisposable
{
    /// <summary>
    /// Batches within whose rows lengths are sorted: enough to find company, few enough to keep the order random.
    /// </summary>
    private const int BucketBatches = 50;

    private readonly SequenceDataset _data;
    private readonly RowSelection _selected;
    private readonly int _batchSize, _seed, _bucket, _dealt;
    private readonly SpillList<int> _rows, _order;
    private readonly SpillList<long> _keys;

    public Batches(SequenceDataset data, int batchSize, int seed) : this(new RowSelection(data), batchSize, seed) { }

    /// <param name="rows">The rows to deal. The budget of their data holds for the lists here too.</param>
    /// <param name="batchSize">Rows in each batch but the last.</param>
    /// <param name="seed">Of the order.</param>
    /// <param name="most">Rows that are dealt in an epoch at most; 0: all.</param>
    public Batches(RowSelection rows, int batchSize, int seed, int most = 0)
    {
        SequenceDataset data = rows.Data;
        _data = data;
        _selected = rows;
        _batchSize = batchSize;
        _seed = seed;
        int count = _selected.Count;
        _dealt = most > 0 ? Math.Min(most, count) : count;
        Count = (int)(((long)_dealt + batchSize - 1) / batchSize);
        _bucket = (int)Math.Min((long)batchSize * BucketBatches, _dealt);
        (_rows, _order, _keys) = (data.NewList<int>(), data.NewList<int>(), data.NewList<long>());
        _rows.Resize(count);
        _order.Resize(Count);
        _keys.Resize(_bucket);
    }

    /// <summary>Batches in an epoch.</summary>
    public int Count { get; }

    /// <summary>Draws the order of an epoch; the same for the same seed and epoch, whatever came before.</summary>
    public void Shuffle(int epoch)
    {
        var random = RandomStream.For(_seed, purpose: 1 + (ulong)epoch);
        Span<int> rows = _rows.Span(0, _selected.Count), order = _order.Span(0, Count);
        for (int i = 0; i < rows.Length; i++)
            rows[i] = _selected[i];
        random.Shuffle(rows);
        rows = rows[.._dealt];
        for (long start = 0; start < rows.Length; start += _bucket)
            SortLongestFirst(rows.Slice((int)start, (int)Math.Min(_bucket, rows.Length - start)));
        // Without this the longest sequences of a bucket would always be learned first. The short last batch stays last.
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        random.Shuffle(order[..(rows.Length / _batchSize)]);
    }

    /// <summary>The rows of a batch of the shuffled epoch, longest first.</summary>
    public ReadOnlySpan<int> this[int batch]
    {
        get
        {
            long start = (long)_order[batch] * _batchSize;
            return _rows.Span(start, (int)Math.Min(_batchSize, _dealt - start));
        }
    }

    public void Dispose()
    {
        _rows.Dispose();
        _order.Dispose();
        _keys.Dispose();
    }

    /// <summary>
    /// Longest first; equal lengths stay in the drawn order. The data's own order must not decide:
    /// files are often sorted by label.
    /// </summary>
    private void SortLongestFirst(Span<int> rows)
    {
        Span<long> keys = _keys.Span(0, rows.Length);
        for (int i = 0; i < rows.Length; i++)
            keys[i] = (long)-_data.Length(rows[i]) << 32 | (long)i;
        keys.Sort(rows);
    }
}
