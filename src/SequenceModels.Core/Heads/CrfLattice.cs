using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// All tag sequences of one sequence of steps as paths through a lattice [T, K], and the sums and maxima over them.
/// In logarithms and in double, so that thousands of steps neither overflow nor fade. Scratch memory of a pass.
/// </summary>
/// <remarks>
/// Sutton and McCallum 2012, section 4.1. All sums over tags are taken tag by tag, side by side for all results:
/// a library's sum along a row could depend on where the row lies in memory.
/// </remarks>
internal sealed unsafe class CrfLattice
{
    private int _tags, _length;
    private double[] _from = [], _into = []; // [K, K] transitions by the tag they leave, and by the tag they enter
    private double[] _start = [], _end = []; // [K]
    private double[] _counts = [], _startCounts = [], _endCounts = []; // [K, K] by the tag entered, [K], [K]
    private double[] _terms = []; // [K, K] what one step sums over
    private double[] _largest = [], _shares = [], _beta = []; // [K]
    private double[] _steps = []; // [T, K] scores of the steps' tags
    private double[] _alpha = []; // [T, K] log of the sum over all paths so far; then the marginals; or the best path's score
    private int[] _before = []; // [T, K] the tag before, on the best path that ends there
    private int[] _path = [];

    /// <summary>[K] what the starts' gradient is: see <see cref="Backward"/>.</summary>
    public ReadOnlySpan<double> StartCounts => _startCounts.AsSpan(0, _tags);

    /// <summary>[K] what the ends' gradient is.</summary>
    public ReadOnlySpan<double> EndCounts => _endCounts.AsSpan(0, _tags);

    /// <summary>What the gradient of a transition is.</summary>
    public double TransitionCount(int from, int to) => _counts[to * _tags + from];

    /// <summary>[K] p(y_t = k), once <see cref="Backward"/> has run.</summary>
    public ReadOnlySpan<double> Marginals(int t) => Row(_alpha, t);

    /// <summary>Takes the scores that all sequences share. What the constraints exclude scores minus infinity.</summary>
    /// <param name="tags">K.</param>
    /// <param name="transitions">[K, K] from the row's tag to the column's.</param>
    /// <param name="stride">Floats from one row of transitions to the next.</param>
    /// <param name="start">[K].</param>
    /// <param name="end">[K].</param>
    /// <param name="constraints">Null: none.</param>
    public void Prepare(int tags, float* transitions, int stride, float* start, float* end, CrfConstraints? constraints)
    {
        if (_start.Length < tags)
        {
            (_from, _into, _counts, _terms) =
                (new double[tags * tags], new double[tags * tags], new double[tags * tags], new double[tags * tags]);
            (_start, _end, _startCounts, _endCounts) = (new double[tags], new double[tags], new double[tags], new double[tags]);
            (_largest, _shares, _beta) = (new double[tags], new double[tags], new double[tags]);
        }
        _tags = tags;
        for (int i = 0; i < tags; i++)
        {
            _start[i] = constraints?.AllowsStart(i) ?? true ? start[i] : double.NegativeInfinity;
            _end[i] = constraints?.AllowsEnd(i) ?? true ? end[i] : double.NegativeInfinity;
            for (int j = 0; j < tags; j++)
                _from[i * tags + j] = _into[j * tags + i] =
                    constraints?.Allows(i, j) ?? true ? transitions[i * stride + j] : double.NegativeInfinity;
        }
    }

    /// <summary>Sets all counts to zero.</summary>
    public void ClearCounts()
    {
        _counts.AsSpan(0, _tags * _tags).Clear();
        _startCounts.AsSpan(0, _tags).Clear();
        _endCounts.AsSpan(0, _tags).Clear();
    }

    /// <summary>Takes the steps of the batch's k-th longest sequence.</summary>
    /// <returns>Whether it has any.</returns>
    public bool Read(OutputRows outputs, SequenceBatch batch, int k)
    {
        _length = batch.Length(k);
        if (_path.Length < _length)
            _path = new int[Math.Max(_length, 2 * _path.Length)];
        if (_steps.Length < (long)_length * _tags)
        {
            int room = (int)Math.Min(Math.Max(ArrayLength.Of(_length, _tags), 2L * _steps.Length), Array.MaxLength);
            (_steps, _alpha, _before) = (new double[room], new double[room], new int[room]);
        }
        for (int t = 0; t < _length; t++)
        {
            float* row = outputs[batch.Offset(t) + k];
            Span<double> scores = Row(_steps, t);
            for (int tag = 0; tag < scores.Length; tag++)
                scores[tag] = row[tag];
        }
        return _length > 0;
    }

    /// <summary>
    /// log Z: the log of the sum of e^s over all tag sequences. alpha_t[j] = e_t[j] + log sum_i e^(alpha_t-1[i] + A[i, j]).
    /// </summary>
    public double Forward()
    {
        TensorPrimitives.Add(Start, Row(_steps, 0), Row(_alpha, 0));
        for (int t = 1; t < _length; t++)
        {
            for (int i = 0; i < _tags; i++)
                TensorPrimitives.Add(Row(_from, i), _alpha[(t - 1) * _tags + i], Row(_terms, i));
            Span<double> alpha = Row(_alpha, t);
            LogOfSums(alpha);
            TensorPrimitives.Add(alpha, Row(_steps, t), alpha);
        }
        double largest = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < _tags; i++)
            largest = Math.Max(largest, _alpha[(_length - 1) * _tags + i] + _end[i]);
        for (int i = 0; i < _tags; i++)
            sum += Math.Exp(_alpha[(_length - 1) * _tags + i] + _end[i] - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>
    /// From <see cref="Forward"/> on to the marginals. beta_t[i] = log sum_j e^(A[i, j] + e_t+1[j] + beta_t+1[j]),
    /// p(y_t = i) = e^(alpha_t[i] + beta_t[i] - log Z), p(y_t = i, y_t+1 = j) = e^(alpha_t[i] + A[i, j] + e_t+1[j] + beta_t+1[j]
    /// - log Z).
    /// </summary>
    /// <param name="logPartition">log Z.</param>
    /// <param name="weight">
    /// Times which the expected numbers of transitions, starts and ends are added to the counts; null: they are not asked for.
    /// </param>
    public void Backward(double logPartition, double? weight)
    {
        Span<double> beta = _beta.AsSpan(0, _tags), shares = _shares.AsSpan(0, _tags);
        End.CopyTo(beta);
        for (int t = _length - 1; ; t--)
        {
            Span<double> alpha = Row(_alpha, t);
            TensorPrimitives.Add(alpha, beta, alpha);
            TensorPrimitives.Subtract(alpha, logPartition, alpha);
            LogDomain.Exp(alpha);
            if (t == 0)
                break;
            TensorPrimitives.Add(beta, Row(_steps, t), beta); // of paths that enter step t
            for (int j = 0; j < _tags; j++)
                TensorPrimitives.Add(Row(_into, j), beta[j], Row(_terms, j));
            LogOfSums(beta); // beta of step t - 1, and in terms e^(term - largest)
            if (weight is null)
                continue;
            ReadOnlySpan<double> before = Row(_alpha, t - 1);
            for (int i = 0; i < _tags; i++)
                shares[i] = beta[i] == double.NegativeInfinity ? 0
                    : weight.Value * Math.Exp(before[i] + _largest[i] - logPartition);
            for (int j = 0; j < _tags; j++)
                TensorPrimitives.MultiplyAdd(Row(_terms, j), shares, Row(_counts, j), Row(_counts, j));
        }
        for (int i = 0; i < _tags && weight is not null; i++)
        {
            _startCounts[i] += weight.Value * Marginals(0)[i];
            _endCounts[i] += weight.Value * Marginals(_length - 1)[i];
        }
    }

    /// <summary>s(labels), the score of one tag sequence; minus infinity where the constraints exclude it.</summary>
    public double ScoreOf(ReadOnlySpan<float> labels, SequenceBatch batch, int k)
    {
        int tag = (int)labels[k];
        double score = _start[tag] + _steps[tag];
        for (int t = 1; t < _length; t++)
        {
            int next = (int)labels[batch.Offset(t) + k];
            score += _from[tag * _tags + next] + _steps[t * _tags + next];
            tag = next;
        }
        return score + _end[tag];
    }

    /// <summary>Takes the transitions, start and end that one tag sequence has, times the weight, off the counts.</summary>
    public void Discount(ReadOnlySpan<float> labels, SequenceBatch batch, int k, double weight)
    {
        int tag = (int)labels[k];
        _startCounts[tag] -= weight;
        for (int t = 1; t < _length; t++)
        {
            int next = (int)labels[batch.Offset(t) + k];
            _counts[next * _tags + tag] -= weight;
            tag = next;
        }
        _endCounts[tag] -= weight;
    }

    /// <summary>The tag sequence with the largest score; of equals that with the smaller tag where they last differ.</summary>
    /// <returns>[T]; good until the next call.</returns>
    /// <remarks>Viterbi, IEEE Transactions on Information Theory 13, 1967.</remarks>
    public ReadOnlySpan<int> LikeliestPath()
    {
        TensorPrimitives.Add(Start, Row(_steps, 0), Row(_alpha, 0));
        for (int t = 1; t < _length; t++)
        {
            Span<double> best = Row(_alpha, t);
            Span<int> before = _before.AsSpan(t * _tags, _tags);
            best.Fill(double.NegativeInfinity);
            before.Clear();
            for (int i = 0; i < _tags; i++)
            {
                double score = _alpha[(t - 1) * _tags + i];
                ReadOnlySpan<double> transitions = Row(_from, i);
                for (int j = 0; j < best.Length; j++)
                    if (score + transitions[j] > best[j])
                        (best[j], before[j]) = (score + transitions[j], i);
            }
            TensorPrimitives.Add(best, Row(_steps, t), best);
        }
        int tag = 0;
        double largest = double.NegativeInfinity;
        for (int i = 0; i < _tags; i++)
            if (_alpha[(_length - 1) * _tags + i] + _end[i] > largest)
                (largest, tag) = (_alpha[(_length - 1) * _tags + i] + _end[i], i);
        for (int t = _length - 1; t >= 0; t--)
        {
            _path[t] = tag;
            if (t > 0)
                tag = _before[t * _tags + tag];
        }
        return _path.AsSpan(0, _length);
    }

    private ReadOnlySpan<double> Start => _start.AsSpan(0, _tags);

    private ReadOnlySpan<double> End => _end.AsSpan(0, _tags);

    private Span<double> Row(double[] matrix, int row) => matrix.AsSpan(row * _tags, _tags);

    /// <summary>sums[j] = log sum_i e^terms[i, j]. The terms become e^(terms[i, j] - largest[j]).</summary>
    private void LogOfSums(Span<double> sums)
    {
        Span<double> largest = _largest.AsSpan(0, _tags), terms = _terms.AsSpan(0, _tags * _tags);
        Row(_terms, 0).CopyTo(largest);
        for (int i = 1; i < _tags; i++)
            TensorPrimitives.Max(largest, Row(_terms, i), largest);
        for (int j = 0; j < largest.Length; j++)
            if (largest[j] == double.NegativeInfinity)
                largest[j] = 0; // no path: e^-infinity below, where the difference of infinities would be no number
        for (int i = 0; i < _tags; i++)
            TensorPrimitives.Subtract(Row(_terms, i), largest, Row(_terms, i));
        LogDomain.Exp(terms);
        sums.Clear();
        for (int i = 0; i < _tags; i++)
            TensorPrimitives.Add(sums, Row(_terms, i), sums);
        LogDomain.Log(sums);
        TensorPrimitives.Add(sums, largest, sums);
    }
}
