using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// How often transitions, starts and ends are expected in a batch, less how often its labels have them: the gradient of their
/// scores. Scratch memory of a pass.
/// </summary>
internal sealed unsafe class CrfCounts
{
    private readonly DoubleBuffer _transitions = new(); // [K, K] in panels
    private double[] _starts = [], _ends = [];          // [K]
    private CrfScores _scores = null!;

    /// <summary>[K] of the first tag.</summary>
    public Span<double> Starts => _starts.AsSpan(0, _scores.Tags);

    /// <summary>[K] of the last tag.</summary>
    public Span<double> Ends => _ends.AsSpan(0, _scores.Tags);

    /// <summary>Of tag <paramref name="to"/> after tag <paramref name="from"/>.</summary>
    public double Transition(int from, int to) => _transitions.Data[_scores.Place(from, to)];

    /// <summary>Sets all to zero.</summary>
    public void Clear(CrfScores scores)
    {
        _scores = scores;
        _transitions.Reserve((long)scores.Tags * scores.Stride);
        if (_starts.Length < scores.Tags)
            (_starts, _ends) = (new double[scores.Tags], new double[scores.Tags]);
        _transitions.First((long)scores.Tags * scores.Stride).Clear();
        Starts.Clear();
        Ends.Clear();
    }

    /// <summary>
    /// Sets the transitions to the expected ones: their factor times the sum over rows of the weight of all ways up to the tag
    /// before and of all ways on from the tag after.
    /// </summary>
    /// <param name="before">[rows, K].</param>
    /// <param name="after">[rows, K].</param>
    /// <param name="rows">Over which is summed up.</param>
    public void SetExpected(double* before, double* after, int rows)
    {
        int tags = _scores.Tags, stride = _scores.Stride;
        DoubleMatrices.Product<SumOfProducts>(tags, rows, stride, DoubleMatrix.Columns(before, stride),
            DoubleMatrix.Rows(after, stride), DoubleMatrix.Panels(_transitions.Data, tags));
        Span<double> counts = _transitions.First((long)tags * stride);
        TensorPrimitives.Multiply(counts, new ReadOnlySpan<double>((double*)_scores.Factors.Data, counts.Length), counts);
    }

    public void AddTransition(int from, int to, double count) => _transitions.Data[_scores.Place(from, to)] += count;

    /// <summary>Takes the transitions, start and end that one tag sequence has, times the weight, off the counts.</summary>
    public void Discount(ReadOnlySpan<float> labels, SequenceBatch batch, int k, double weight)
    {
        int tag = (int)labels[k];
        _starts[tag] -= weight;
        for (int t = 1; t < batch.Length(k); t++)
        {
            int next = (int)labels[batch.Offset(t) + k];
            AddTransition(tag, next, -weight);
            tag = next;
        }
        _ends[tag] -= weight;
    }

    /// <summary>Adds the counts of transitions to a gradient [K, K].</summary>
    public void AddTransitionsTo(float* gradient, int stride)
    {
        for (int from = 0; from < _scores.Tags; from++)
            for (int to = 0; to < _scores.Tags; to += DoubleMatrices.PanelWidth)
            {
                double* counts = _transitions.Data + _scores.Place(from, to);
                float* row = gradient + (long)from * stride + to;
                for (int i = 0; i < Math.Min(DoubleMatrices.PanelWidth, _scores.Tags - to); i++)
                    row[i] += (float)counts[i];
            }
    }

    /// <summary>Adds counts of single tags to a gradient [K].</summary>
    public static void AddTo(float* gradient, ReadOnlySpan<double> counts)
    {
        for (int tag = 0; tag < counts.Length; tag++)
            gradient[tag] += (float)counts[tag];
    }
}
