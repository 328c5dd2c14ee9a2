using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// What all tag sequences of a batch share: the scores of one tag after another, of the first and of the last tag. As logarithms
/// and as the factors e^s. What the constraints exclude scores minus infinity, and its factor is 0. Scratch memory of a pass.
/// </summary>
internal sealed unsafe class CrfScores
{
    /// <summary>
    /// The smallest factor other than 0 that scaled variables are used with: a product of three of them is still a normal number.
    /// </summary>
    public const double LeastFactor = 1e-100;

    /// <summary>The score of <see cref="LeastFactor"/>, below the largest.</summary>
    public const double LeastScore = -230;

    private readonly DoubleBuffer _transitions = new(), _factors = new(), _back = new();
    private readonly DoubleBuffer _start = new(), _end = new(), _startFactors = new(), _endFactors = new();
    private float[] _taken = []; // [K, K], [K], [K] what the scores were made of
    private CrfConstraints? _constraints;

    /// <summary>K.</summary>
    public int Tags { get; private set; }

    /// <summary>K padded: doubles from one row of tags to the next.</summary>
    public int Stride { get; private set; }

    /// <summary>Counts up whenever the scores change.</summary>
    public long Version { get; private set; }

    /// <summary>[K, K] from the row's tag to the column's, in panels. Logarithms; minus infinity beyond K.</summary>
    public DoubleMatrix Transitions => DoubleMatrix.Panels(_transitions.Data, Tags);

    /// <summary>[K, K] e^(transitions - <see cref="LargestTransition"/>), in panels; 0 beyond K.</summary>
    public DoubleMatrix Factors => DoubleMatrix.Panels(_factors.Data, Tags);

    /// <summary>The transpose of <see cref="Factors"/>, in panels.</summary>
    public DoubleMatrix FactorsBack => DoubleMatrix.Panels(_back.Data, Tags);

    /// <summary>[K] of the first tag; minus infinity beyond K.</summary>
    public double* Start => _start.Data;

    /// <summary>[K] of the last tag; minus infinity beyond K.</summary>
    public double* End => _end.Data;

    /// <summary>[K] e^(start - <see cref="LargestStart"/>); 0 beyond K.</summary>
    public double* StartFactors => _startFactors.Data;

    /// <summary>[K] e^(end - <see cref="LargestEnd"/>); 0 beyond K.</summary>
    public double* EndFactors => _endFactors.Data;

    public double LargestTransition { get; private set; }

    public double LargestStart { get; private set; }

    public double LargestEnd { get; private set; }

    /// <summary>Whether all factors but those that are 0 are large enough for scaled variables.</summary>
    public bool AreNear { get; private set; }

    /// <summary>The score of tag <paramref name="to"/> after tag <paramref name="from"/>.</summary>
    public double Transition(int from, int to) => _transitions.Data[Place(from, to)];

    /// <summary>Where the transition stands in panels.</summary>
    public long Place(int from, int to) => ((long)(to / DoubleMatrices.PanelWidth) * Tags + from) * DoubleMatrices.PanelWidth +
        to % DoubleMatrices.PanelWidth;

    /// <summary>s(labels), the score of one tag sequence; minus infinity where the constraints exclude it.</summary>
    public double ScoreOf(OutputRows outputs, ReadOnlySpan<float> labels, SequenceBatch batch, int k)
    {
        int tag = (int)labels[k];
        double score = Start[tag] + outputs[k][tag];
        for (int t = 1; t < batch.Length(k); t++)
        {
            int row = batch.Offset(t) + k, next = (int)labels[row];
            score += Transition(tag, next) + outputs[row][next];
            tag = next;
        }
        return score + End[tag];
    }

    /// <summary>Takes the scores; those that it has already are not worked out anew.</summary>
    /// <param name="tags">K.</param>
    /// <param name="transitions">[K, K] from the row's tag to the column's.</param>
    /// <param name="stride">Floats from one row of transitions to the next.</param>
    /// <param name="start">[K].</param>
    /// <param name="end">[K].</param>
    /// <param name="constraints">Null: none.</param>
    public void Prepare(int tags, float* transitions, int stride, float* start, float* end, CrfConstraints? constraints)
    {
        if (!Take(tags, transitions, stride, start, end, constraints))
            return;
        Version++;
        (Tags, Stride, _constraints) = (tags, Rows.Padded(tags), constraints);
        long matrix = (long)tags * Stride;
        foreach (DoubleBuffer buffer in (ReadOnlySpan<DoubleBuffer>)[_transitions, _factors, _back])
            buffer.Reserve(matrix);
        foreach (DoubleBuffer buffer in (ReadOnlySpan<DoubleBuffer>)[_start, _end, _startFactors, _endFactors])
            buffer.Reserve(Stride);
        _transitions.First(matrix).Fill(double.NegativeInfinity);
        _back.First(matrix).Clear();
        _start.First(Stride).Fill(double.NegativeInfinity);
        _end.First(Stride).Fill(double.NegativeInfinity);
        for (int i = 0; i < tags; i++)
        {
            if (constraints?.AllowsStart(i) ?? true)
                Start[i] = start[i];
            if (constraints?.AllowsEnd(i) ?? true)
                End[i] = end[i];
            TakeRow(i, transitions + (long)i * stride);
        }
        bool near = ToFactors(_transitions.First(matrix), _factors.First(matrix), out double transition);
        near &= ToFactors(_start.First(Stride), _startFactors.First(Stride), out double first);
        near &= ToFactors(_end.First(Stride), _endFactors.First(Stride), out double last);
        (AreNear, LargestTransition, LargestStart, LargestEnd) = (near, transition, first, last);
        for (int i = 0; i < tags; i++)
        {
            double* to = _back.Data + Place(0, i);
            for (int j = 0; j < tags; j++, to += DoubleMatrices.PanelWidth)
                *to = _factors.Data[Place(i, j)];
        }
    }

    private void TakeRow(int tag, float* row)
    {
        for (int first = 0; first < Tags; first += DoubleMatrices.PanelWidth)
        {
            double* panel = _transitions.Data + Place(tag, first);
            for (int i = 0; i < Math.Min(DoubleMatrices.PanelWidth, Tags - first); i++)
                if (_constraints is null || _constraints.Allows(tag, first + i))
                    panel[i] = row[first + i];
        }
    }

    /// <summary>Whether the scores are others than those that were taken last. They are taken.</summary>
    private bool Take(int tags, float* transitions, int stride, float* start, float* end, CrfConstraints? constraints)
    {
        bool changed = tags != Tags || !ReferenceEquals(constraints, _constraints);
        if (_taken.Length < ArrayLength.Of(tags, tags + 2L))
            _taken = new float[tags * (tags + 2)];
        for (int i = 0; i < tags + 2; i++)
        {
            ReadOnlySpan<float> row =
                new(i < tags ? transitions + (long)i * stride : i == tags ? start : end, tags);
            Span<float> taken = _taken.AsSpan(i * tags, tags);
            if (!changed && row.SequenceEqual(taken))
                continue;
            changed = true;
            row.CopyTo(taken);
        }
        return changed;
    }

    /// <summary>Factors e^(score - largest); false where one that is not 0 is too small.</summary>
    private static bool ToFactors(ReadOnlySpan<double> scores, Span<double> factors, out double largest)
    {
        (largest, double least) = (double.NegativeInfinity, double.PositiveInfinity);
        foreach (double score in scores)
        {
            largest = Math.Max(largest, score);
            if (score != double.NegativeInfinity)
                least = Math.Min(least, score);
        }
        TensorPrimitives.Subtract(scores, largest, factors);
        LogDomain.Exp(factors);
        return least - largest >= LeastScore;
    }
}
