using System.Numerics.Tensors;

namespace SequenceModels.Generation;

/// <summary>
/// From the probabilities of the next token to the one that is written. In double and in the order of keys: the same everywhere.
/// </summary>
/// <param name="outputs">K = V + 1 probabilities, the unknown token's first.</param>
/// <param name="startKey">Is never written, as the unknown token; 0: there is none.</param>
internal sealed class TokenSampler(int outputs, uint startKey)
{
    private readonly double[] _weights = new double[outputs];
    private readonly int[] _order = new int[outputs];
    private readonly double[] _keys = new double[outputs];

    /// <summary>Draws a key.</summary>
    /// <param name="probabilities">[K].</param>
    /// <param name="seen">The keys that the text has.</param>
    /// <param name="options">Validated.</param>
    /// <param name="uniform">In [0, 1).</param>
    public uint Draw(ReadOnlySpan<float> probabilities, IReadOnlySet<uint> seen, GenerationOptions options, double uniform)
    {
        ReadOnlySpan<double> weights = Distribution(probabilities, seen, options);
        double sum = 0;
        int last = 0;
        for (int key = 0; key < weights.Length; key++)
        {
            if (weights[key] == 0)
                continue;
            sum += weights[key];
            last = key;
            if (uniform < sum)
                break;
        }
        return (uint)last; // also where rounding has left the sum a little below 1
    }

    /// <summary>[K] what a token is drawn from; sums to 1.</summary>
    public ReadOnlySpan<double> Distribution(ReadOnlySpan<float> probabilities, IReadOnlySet<uint> seen,
        GenerationOptions options)
    {
        for (int key = 0; key < _weights.Length; key++)
            _weights[key] = IsWritten(key) ? Math.Log(probabilities[key]) : double.NegativeInfinity;
        if (options.RepetitionPenalty != 1)
            foreach (uint key in seen)
                if (key < (uint)_weights.Length && IsWritten((int)key))
                    _weights[key] *= options.RepetitionPenalty;
        if (options.Temperature == 0)
            KeepLargest();
        else
            Exponentiate(options.Temperature);
        if (options.TopK > 0 && options.TopK < _weights.Length)
            KeepLikeliest(options.TopK, sum: double.PositiveInfinity);
        Normalize();
        if (options.TopP < 1)
        {
            KeepLikeliest(_weights.Length, options.TopP);
            Normalize();
        }
        return _weights;
    }

    private bool IsWritten(int key) => key > 0 && key != startKey;

    /// <summary>1 for the largest, of equal ones the first; 0 for all others.</summary>
    private void KeepLargest()
    {
        int largest = startKey == 1 && _weights.Length > 2 ? 2 : 1;
        for (int key = largest + 1; key < _weights.Length; key++)
            if (IsWritten(key) && _weights[key] > _weights[largest])
                largest = key;
        Array.Clear(_weights);
        _weights[largest] = 1;
    }

    private void Exponentiate(float temperature)
    {
        double max = TensorPrimitives.Max<double>(_weights);
        // Where all that may be written has the probability 0 to a float's precision, one is as good as another.
        for (int key = 0; key < _weights.Length; key++)
            _weights[key] = double.IsNegativeInfinity(max) ? (IsWritten(key) ? 1 : 0)
                : Math.Exp((_weights[key] - max) / temperature);
    }

    /// <summary>
    /// Makes all weights 0 except the largest ones: at most this many, and no more than it takes to reach the sum.
    /// Of equal ones those with smaller keys stay.
    /// </summary>
    private void KeepLikeliest(int count, double sum)
    {
        for (int key = 0; key < _weights.Length; key++)
            (_order[key], _keys[key]) = (key, -_weights[key]);
        Array.Sort(_keys, _order);
        // An unstable sort: runs of equal weights are brought into the order of keys.
        for (int start = 0, end; start < _order.Length; start = end)
        {
            for (end = start + 1; end < _order.Length && _keys[end] == _keys[start]; end++) { }
            Array.Sort(_order, start, end - start);
        }
        double reached = 0;
        for (int i = 0; i < _order.Length; i++)
        {
            if (i >= count || reached >= sum)
                _weights[_order[i]] = 0;
            else
                reached += _weights[_order[i]];
        }
    }

    private void Normalize()
    {
        double sum = 0;
        foreach (double weight in _weights)
            sum += weight;
        for (int key = 0; key < _weights.Length; key++)
            _weights[key] /= sum;
    }
}
