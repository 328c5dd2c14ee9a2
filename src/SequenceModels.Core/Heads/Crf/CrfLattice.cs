using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// The sums over all tag sequences of each sequence of a batch: by scaled variables (<see cref="ScaledLattice"/>), and in
/// logarithms where scores differ by more than these hold (<see cref="LogLattice"/>). Scratch memory of a pass.
/// </summary>
/// <param name="scaled">Whether scaled variables are used. Tests compare.</param>
internal sealed class CrfLattice(bool scaled = true)
{
    private readonly ScaledLattice _scaled = new();
    private readonly LogLattice _logs = new();
    private double[] _logPartitions = []; // [B]
    private CrfScores _scores = null!;
    private SequenceBatch _batch = null!;
    private OutputRows _outputs;

    /// <summary>log Z: the log of the sum of e^s over all tag sequences.</summary>
    public double LogPartition(int k) => _logPartitions[k];

    /// <summary>[K] p(y_t = k) of a row of the batch, once <see cref="Backward"/> has run.</summary>
    public ReadOnlySpan<double> Marginals(int row) => _scaled.Marginals(row);

    /// <summary>Whether scaled variables held the batch's k-th longest sequence.</summary>
    public bool IsScaled(int k) => _scaled.Holds(k);

    /// <summary>log Z of each sequence that has steps.</summary>
    public void Forward(CrfScores scores, OutputRows outputs, SequenceBatch batch)
    {
        (_scores, _outputs, _batch) = (scores, outputs, batch);
        _scaled.Forward(scores, outputs, batch, scaled);
        if (_logPartitions.Length < batch.Count)
            _logPartitions = new double[batch.Count];
        for (int k = 0; k < batch.Count && batch.Length(k) > 0; k++)
            _logPartitions[k] = IsScaled(k) ? _scaled.LogPartition(k) : LogForward(k);
    }

    /// <summary>From <see cref="Forward"/> on to the marginals. Outputs are as they were.</summary>
    /// <param name="weights">[B] times which transitions, starts and ends are counted; empty: they are not.</param>
    /// <param name="counts">Becomes the expected numbers; null where nothing is counted.</param>
    public void Backward(ReadOnlySpan<float> weights, CrfCounts? counts)
    {
        counts?.Clear(_scores);
        _scaled.Backward(weights, counts);
        for (int k = 0; k < _batch.Count && _batch.Length(k) > 0; k++)
            if (!IsScaled(k))
            {
                _logs.Backward(LogForward(k), counts is null ? 0 : weights[k], counts);
                for (int t = 0; t < _batch.Length(k); t++)
                    _scaled.Replace(_batch.Offset(t) + k, _logs.Marginals(t));
            }
    }

    /// <summary>
    /// log of the sum of e^s over the tag sequences of the k-th sequence that have the known tags. Outputs of its steps are as
    /// they were.
    /// </summary>
    /// <param name="labels">[M] tags.</param>
    /// <param name="weights">[M] 0 where the tag of a step is not known.</param>
    /// <param name="k">Which sequence.</param>
    public double KnownForward(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, int k)
    {
        _logs.ReadKnown(_scores, _outputs, _batch, k, labels, weights);
        return _logs.Forward();
    }

    /// <summary>Takes what those sequences have, times the weight, off the counts, and works out their marginals.</summary>
    public void DiscountKnown(ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, int k, double weight, CrfCounts counts) =>
        _logs.Backward(KnownForward(labels, weights, k), -weight, counts);

    /// <summary>[K] p(y_t = k) over the sequences of <see cref="DiscountKnown"/>.</summary>
    public ReadOnlySpan<double> KnownMarginals(int t) => _logs.Marginals(t);

    private double LogForward(int k)
    {
        _logs.Read(_scores, _outputs, _batch, k);
        return _logs.Forward();
    }
}
