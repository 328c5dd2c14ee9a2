using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// All tag sequences of each sequence of a batch as paths through a lattice [T, K], and the sums over them: products of
/// matrices with e^transitions, of all sequences of the batch at a step. The variables of a step are scaled to a sum of 1, and
/// the logarithm of the scale is kept. Scratch memory of a pass.
/// </summary>
/// <remarks>
/// <para>
/// Rabiner, Proceedings of the IEEE 77, 1989, section V.A; Sutton and McCallum 2012, section 4.1. In double.
/// </para>
/// <para>
/// A variable that is 0 is so because no way leads there. Where a variable that is not 0 comes below
/// <see cref="CrfScores.LeastFactor"/> (scores that differ by 230), the sequence is given up (<see cref="Holds"/>), before a
/// product could fade: <see cref="LogLattice"/> is for such.
/// </para>
/// </remarks>
internal sealed unsafe class ScaledLattice
{
    private readonly DoubleBuffer _factors = new(); // [M, K] e^(score - largest of the step); then marginals
    private readonly DoubleBuffer _alpha = new();   // [M, K] sums over all ways up to the step and its tag
    private readonly DoubleBuffer _flow = new();    // [M, K] at a step, of the step behind it: factor, times all ways on from it
    private readonly DoubleBuffer _beta = new();    // [B, K] sums over all ways on from the step at hand
    private double[] _logPartitions = [];           // [B]
    private bool[] _holds = [];                     // [B]
    private CrfScores _scores = null!;
    private SequenceBatch _batch = null!;

    /// <summary>Whether the sums of the batch's k-th longest sequence are right.</summary>
    public bool Holds(int k) => _holds[k];

    /// <summary>log Z: the log of the sum of e^s over all tag sequences.</summary>
    public double LogPartition(int k) => _logPartitions[k];

    /// <summary>[K] p(y_t = k) of a row of the batch, once <see cref="Backward"/> has run.</summary>
    public ReadOnlySpan<double> Marginals(int row) => new(Row(_factors, row), _scores.Tags);

    /// <summary>Puts other marginals in the place of those of a row.</summary>
    public void Replace(int row, ReadOnlySpan<double> marginals) =>
        marginals.CopyTo(new Span<double>(Row(_factors, row), _scores.Tags));

    /// <summary>
    /// alpha_t[j] = e^e_t[j] sum_i alpha_t-1[i] e^A[i, j], up to scale. log Z is the sum of the scales' logarithms.
    /// </summary>
    /// <param name="scores">Of transitions, start and end.</param>
    /// <param name="outputs">[M, K] scores of the steps' tags.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="hold">Whether any sequence is to be held.</param>
    public void Forward(CrfScores scores, OutputRows outputs, SequenceBatch batch, bool hold = true)
    {
        (_scores, _batch) = (scores, batch);
        Reserve(hold && scores.AreNear);
        for (int t = 0; t < batch.Steps; t++)
        {
            int alive = batch.Alive(t), first = batch.Offset(t);
            if (t > 0)
                DoubleMatrices.Product<SumOfProducts>(alive, scores.Tags, scores.Stride, Rows(_alpha, batch.Offset(t - 1)),
                    scores.Factors, Rows(_alpha, first));
            for (int k = 0; k < alive; k++)
            {
                double* alpha = Row(_alpha, first + k), factors = Row(_factors, first + k);
                if (t == 0)
                    new ReadOnlySpan<double>(scores.StartFactors, scores.Stride).CopyTo(new(alpha, scores.Stride));
                double logScale = ToFactors(outputs[first + k], factors, k) + (t == 0 ? scores.LargestStart
                    : scores.LargestTransition);
                double sum = DoubleRows.Multiply(alpha, factors, scores.Stride);
                Require(k, sum > 0 && DoubleRows.Scale(alpha, 1 / sum, scores.Stride) >= CrfScores.LeastFactor);
                _logPartitions[k] += logScale + Math.Log(sum);
            }
        }
        for (int k = 0; k < batch.Count; k++)
            if (batch.Length(k) > 0)
            {
                double sum = DoubleRows.Dot(Row(_alpha, batch.Offset(batch.Length(k) - 1) + k), scores.EndFactors, scores.Stride);
                Require(k, sum > 0);
                _logPartitions[k] += scores.LargestEnd + Math.Log(sum);
                Require(k, double.IsFinite(_logPartitions[k]));
            }
    }

    /// <summary>
    /// From <see cref="Forward"/> on to the marginals. beta_t[i] = sum_j e^A[i, j] e^e_t+1[j] beta_t+1[j], up to scale;
    /// p(y_t = i) and p(y_t = i, y_t+1 = j) are alpha_t[i] beta_t[i] and alpha_t[i] e^A[i, j] e^e_t+1[j] beta_t+1[j], each
    /// divided by their sum.
    /// </summary>
    /// <param name="weights">
    /// [B] times which the expected numbers of transitions, starts and ends are counted; empty: they are not asked for.
    /// </param>
    /// <param name="counts">Its transitions are overwritten; starts and ends added to. Null where nothing is counted.</param>
    public void Backward(ReadOnlySpan<float> weights, CrfCounts? counts)
    {
        int stride = _scores.Stride, below = 0;
        for (int t = _batch.Steps - 1; t >= 0; below = _batch.Alive(t--))
        {
            int alive = _batch.Alive(t), first = _batch.Offset(t);
            if (below > 0)
                DoubleMatrices.Product<SumOfProducts>(below, _scores.Tags, stride, Rows(_flow, first), _scores.FactorsBack,
                    Rows(_beta, 0));
            for (int k = 0; k < alive; k++)
            {
                double* alpha = Row(_alpha, first + k), beta = Row(_beta, k), factors = Row(_factors, first + k);
                if (k < below)
                    Scale(alpha, beta, Row(_flow, first + k), k, counts is null ? 0 : weights[k]);
                else
                    End(beta, Row(_flow, first + k));
                if (t > 0)
                    DoubleRows.Multiply(beta, factors, Row(_flow, _batch.Offset(t - 1) + k), stride);
                double sum = DoubleRows.Multiply(alpha, beta, factors, stride);
                Require(k, sum > 0);
                DoubleRows.Scale(factors, 1 / sum, stride);
            }
        }
        if (counts is not null)
            Count(weights, counts);
    }

    private void Count(ReadOnlySpan<float> weights, CrfCounts counts)
    {
        for (int k = 0; k < _batch.Count; k++)
            for (int t = 0; t < _batch.Length(k) && !_holds[k]; t++)
            {
                Clear(Row(_alpha, _batch.Offset(t) + k));
                Clear(Row(_flow, _batch.Offset(t) + k));
            }
        counts.SetExpected(_alpha.Data, _flow.Data, _batch.Rows);
        for (int k = 0; k < _batch.Count && _batch.Length(k) > 0; k++)
            if (_holds[k])
            {
                AddScaled(Marginals(k), weights[k], counts.Starts);
                AddScaled(Marginals(_batch.Offset(_batch.Length(k) - 1) + k), weights[k], counts.Ends);
            }
    }

    /// <summary>
    /// Scales the sums of all ways on from a step, and those that they come from so that their product with alpha and the
    /// transitions is the pair's probability, times the weight.
    /// </summary>
    private void Scale(double* alpha, double* beta, double* flow, int k, double weight)
    {
        double pairs = DoubleRows.Dot(alpha, beta, _scores.Stride), sum = DoubleRows.Sum(beta, _scores.Stride);
        Require(k, pairs > 0 && DoubleRows.Scale(beta, 1 / sum, _scores.Stride) >= CrfScores.LeastFactor);
        DoubleRows.Scale(flow, weight / pairs, _scores.Stride);
    }

    /// <summary>The last step of a sequence.</summary>
    private void End(double* beta, double* flow)
    {
        new ReadOnlySpan<double>(_scores.EndFactors, _scores.Stride).CopyTo(new(beta, _scores.Stride));
        Clear(flow);
    }

    /// <summary>e^(score - largest score) of a step.</summary>
    /// <returns>The largest score.</returns>
    private double ToFactors(float* outputs, double* factors, int k)
    {
        ReadOnlySpan<float> scores = new(outputs, _scores.Tags);
        Span<double> row = new(factors, _scores.Stride);
        float largest = TensorPrimitives.Max(scores);
        Require(k, TensorPrimitives.Min(scores) - largest >= CrfScores.LeastScore);
        TensorPrimitives.ConvertTruncating(scores, row);
        row = row[..scores.Length];
        TensorPrimitives.Subtract(row, largest, row);
        if (_holds[k])
            TensorPrimitives.Exp(row, row);
        new Span<double>(factors + scores.Length, _scores.Stride - scores.Length).Clear();
        return largest;
    }

    private void Reserve(bool hold)
    {
        long rows = (long)_batch.Rows * _scores.Stride;
        _factors.Reserve(rows);
        _alpha.Reserve(rows);
        _flow.Reserve(rows);
        _beta.Reserve((long)_batch.Count * _scores.Stride);
        if (_holds.Length < _batch.Count)
            (_logPartitions, _holds) = (new double[_batch.Count], new bool[_batch.Count]);
        Array.Clear(_logPartitions, 0, _batch.Count);
        Array.Fill(_holds, hold, 0, _batch.Count);
    }

    private void Require(int k, bool holds) => _holds[k] &= holds;

    private void Clear(double* row) => new Span<double>(row, _scores.Stride).Clear();

    private static void AddScaled(ReadOnlySpan<double> values, double factor, Span<double> sums)
    {
        for (int i = 0; i < values.Length; i++)
            sums[i] += factor * values[i];
    }

    private double* Row(DoubleBuffer buffer, int row) => buffer.Data + (long)row * _scores.Stride;

    private DoubleMatrix Rows(DoubleBuffer buffer, int first) => DoubleMatrix.Rows(Row(buffer, first), _scores.Stride);
}
