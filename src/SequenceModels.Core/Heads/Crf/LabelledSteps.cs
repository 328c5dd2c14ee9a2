using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>What each sequence of a batch counts, and whether all of its steps have labels. Scratch memory of a pass.</summary>
internal sealed class LabelledSteps
{
    private float[] _weights = [];
    private bool[] _whole = [];
    private int _count;

    /// <summary>[B] of a labelled step; 0 where a sequence has none.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, _count);

    /// <summary>Whether all steps of the batch's k-th longest sequence have labels, or none.</summary>
    public bool IsWhole(int k) => _whole[k];

    /// <param name="batch">The sequences.</param>
    /// <param name="weights">[M] of each step; 0 where its label is not known, otherwise the same in a sequence.</param>
    public void Read(SequenceBatch batch, ReadOnlySpan<float> weights)
    {
        _count = batch.Count;
        if (_weights.Length < _count)
            (_weights, _whole) = (new float[_count], new bool[_count]);
        for (int k = 0; k < _count; k++)
        {
            float largest = 0, smallest = float.PositiveInfinity;
            for (int t = 0; t < batch.Length(k); t++)
            {
                float weight = weights[batch.Offset(t) + k];
                (largest, smallest) = (Math.Max(largest, weight), Math.Min(smallest, weight));
            }
            (_weights[k], _whole[k]) = (largest, smallest > 0 || largest == 0);
        }
    }
}
