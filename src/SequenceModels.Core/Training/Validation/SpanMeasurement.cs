using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// Counts the spans of batches whose rows are measured whole or piece by piece: a span may reach from one piece into the next.
/// </summary>
/// <param name="create">Makes a counter.</param>
/// <param name="threads">How many measure batches at once.</param>
internal sealed class SpanMeasurement(Func<ISpanCounter> create, int threads)
{
    private readonly ISpanCounter[] _counters = [.. Enumerable.Range(0, threads).Select(_ => create())];

    /// <summary>By thread: of its batch's rows, one after the other, the decision at each step; where each row begins.</summary>
    private readonly float[][] _decisions = [.. Enumerable.Range(0, threads).Select(_ => Array.Empty<float>())];
    private readonly int[][] _starts = [.. Enumerable.Range(0, threads).Select(_ => Array.Empty<int>())];

    /// <summary>A thread begins with a batch.</summary>
    public void Begin(int thread, SequenceDataset data, ReadOnlySpan<int> rows)
    {
        if (_starts[thread].Length < rows.Length)
            _starts[thread] = new int[rows.Length];
        int steps = 0;
        for (int k = 0; k < rows.Length; k++)
        {
            _starts[thread][k] = steps;
            steps += data.Length(rows[k]);
        }
        if (_decisions[thread].Length < steps)
            _decisions[thread] = new float[steps];
    }

    /// <summary>Takes the decisions about some of the batch's steps.</summary>
    /// <param name="thread">Which.</param>
    /// <param name="batch">The steps, packed.</param>
    /// <param name="decisions">[M] of each of them.</param>
    /// <param name="firstStep">Which of the rows' steps is the first.</param>
    public void Add(int thread, SequenceBatch batch, ReadOnlySpan<float> decisions, int firstStep)
    {
        for (int k = 0; k < batch.Count; k++)
            for (int t = 0; t < batch.Length(k); t++)
                _decisions[thread][_starts[thread][k] + firstStep + t] = decisions[batch.Offset(t) + k];
    }

    /// <summary>The spans of the batch, all of whose steps were added.</summary>
    public SpanCounts Count(int thread, SequenceDataset data, ReadOnlySpan<int> rows)
    {
        SpanCounts all = default;
        for (int k = 0; k < rows.Length; k++)
            all = all.Plus(_counters[thread].Count(data.Labels(rows[k]),
                _decisions[thread].AsSpan(_starts[thread][k], data.Length(rows[k]))), data.Weight(rows[k]));
        return all;
    }
}
