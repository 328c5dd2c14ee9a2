using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// All tag sequences of one sequence of steps as paths through a lattice [T, K], and the sums over them.
/// In logarithms and in double: scores may differ by any amount. Takes K² exponentials a step. Scratch memory of a pass.
/// </summary>
/// <remarks>
/// Sutton and McCallum 2012, section 4.1. All sums over tags are taken tag by tag, side by side for all results:
/// a library's sum along a row could depend on where the row lies in memory.
/// </remarks>
internal sealed unsafe class LogLattice
{
    private CrfScores _scores = null!;
    private int _tags, _length;
    private long _version = -1;
    private double[] _from = [], _into = []; // [K, K] transitions by the tag they leave, and by the tag they enter
    private double[] _terms = []; // [K, K] what one step sums over
    private double[] _largest = [], _shares = [], _beta = []; // [K]
    private double[] _steps = []; // [T, K] scores of the steps' tags
    private double[] _alpha = []; // [T, K] log of the sum over all paths so far; then the marginals

    /// <summary>[K] p(y_t = k), once <see cref="Backward"/> has run.</summary>
    public ReadOnlySpan<double> Marginals(int t) => Row(_alpha, t);

    /// <summary>
    /// Takes the steps as <see cref="Read(CrfScores, OutputRows, SequenceBatch, int)"/> does, and lets none but the known tags
    /// stand where there is one.
    /// </summary>
    /// <param name="scores">Of transitions, start and end.</param>
    /// <param name="outputs">[M, K] scores of the steps' tags.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="k">Which of them.</param>
    /// <param name="labels">[M] tags.</param>
    /// <param name="weights">[M] 0 where the tag of a step is not known.</param>
    public void ReadKnown(CrfScores scores, OutputRows outputs, SequenceBatch batch, int k, ReadOnlySpan<float> labels,
        ReadOnlySpan<float> weights)
    {
        Read(scores, outputs, batch, k);
        for (int t = 0; t < _length; t++)
        {
            int row = batch.Offset(t) + k, tag = (int)labels[row];
            if (weights[row] == 0)
                continue;
            Span<double> steps = Row(_steps, t);
            steps.Fill(double.NegativeInfinity);
            steps[tag] = outputs[row][tag];
        }
    }

    /// <summary>Takes the steps, one or more, of the batch's k-th longest sequence.</summary>
    public void Read(CrfScores scores, OutputRows outputs, SequenceBatch batch, int k)
    {
        Take(scores);
        _length = batch.Length(k);
        if (_steps.Length < (long)_length * _tags)
        {
            int room = (int)Math.Min(Math.Max(ArrayLength.Of(_length, _tags), 2L * _steps.Length), Array.MaxLength);
            (_steps, _alpha) = (new double[room], new double[room]);
        }
        for (int t = 0; t < _length; t++)
        {
            float* row = outputs[batch.Offset(t) + k];
            Span<double> steps = Row(_steps, t);
            for (int tag = 0; tag < steps.Length; tag++)
                steps[tag] = row[tag];
        }
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
        ReadOnlySpan<double> last = Row(_alpha, _length - 1);
        for (int i = 0; i < _tags; i++)
            largest = Math.Max(largest, last[i] + End[i]);
        for (int i = 0; i < _tags; i++)
            sum += Math.Exp(last[i] + End[i] - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>
    /// From <see cref="Forward"/> on to the marginals. beta_t[i] = log sum_j e^(A[i, j] + e_t+1[j] + beta_t+1[j]),
    /// p(y_t = i) = e^(alpha_t[i] + beta_t[i] - log Z), p(y_t = i, y_t+1 = j) = e^(alpha_t[i] + A[i, j] + e_t+1[j] + beta_t+1[j]
    /// - log Z).
    /// </summary>
    /// <param name="logPartition">log Z.</param>
    /// <param name="weight">Times which the expected numbers of transitions, starts and ends are counted.</param>
    /// <param name="counts">Added to; null: they are not asked for.</param>
    public void Backward(double logPartition, double weight, CrfCounts? counts)
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
            if (counts is null)
                continue;
            ReadOnlySpan<double> before = Row(_alpha, t - 1);
            for (int i = 0; i < _tags; i++)
                shares[i] = beta[i] == double.NegativeInfinity ? 0
                    : weight * Math.Exp(before[i] + _largest[i] - logPartition);
            for (int j = 0; j < _tags; j++)
                for (int i = 0; i < _tags; i++)
                    counts.AddTransition(i, j, _terms[j * _tags + i] * shares[i]);
        }
        for (int i = 0; i < _tags && counts is not null; i++)
        {
            counts.Starts[i] += weight * Marginals(0)[i];
            counts.Ends[i] += weight * Marginals(_length - 1)[i];
        }
    }

    private void Take(CrfScores scores)
    {
        if (ReferenceEquals(scores, _scores) && scores.Version == _version)
            return;
        (_scores, _version, _tags) = (scores, scores.Version, scores.Tags);
        if (_largest.Length < _tags)
        {
            (_from, _into, _terms) = (new double[_tags * _tags], new double[_tags * _tags], new double[_tags * _tags]);
            (_largest, _shares, _beta) = (new double[_tags], new double[_tags], new double[_tags]);
        }
        for (int i = 0; i < _tags; i++)
            for (int j = 0; j < _tags; j++)
                _from[i * _tags + j] = _into[j * _tags + i] = scores.Transition(i, j);
    }

    private ReadOnlySpan<double> Start => new(_scores.Start, _tags);

    private ReadOnlySpan<double> End => new(_scores.End, _tags);

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
