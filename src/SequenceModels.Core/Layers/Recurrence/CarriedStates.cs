using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>
/// The states with which sequences that are learned from piece by piece go on. Kept apart from the pass:
/// another thread may take the next piece.
/// </summary>
internal sealed class CarriedStates(int layers)
{
    /// <summary>For each layer [B, H].</summary>
    public FloatBuffer[] Hidden { get; } = [.. Enumerable.Range(0, layers).Select(_ => new FloatBuffer())];

    /// <summary>For each layer [B, H]; empty where the cell has one state.</summary>
    public FloatBuffer[] CellStates { get; } = [.. Enumerable.Range(0, layers).Select(_ => new FloatBuffer())];

    /// <summary>Takes the states of some of the sequences of another batch.</summary>
    /// <param name="from">Theirs.</param>
    /// <param name="sequences">Of each of these, which it was there.</param>
    /// <param name="stride">H, padded.</param>
    public void Take(CarriedStates from, ReadOnlySpan<int> sequences, int stride)
    {
        for (int l = 0; l < Hidden.Length; l++)
        {
            Rows.Take(from.Hidden[l], Hidden[l], sequences, stride);
            if (from.CellStates[l].Length > 0)
                Rows.Take(from.CellStates[l], CellStates[l], sequences, stride);
        }
    }

    public CarriedStates Copy()
    {
        var copy = new CarriedStates(Hidden.Length);
        foreach ((FloatBuffer from, FloatBuffer to) in Hidden.Concat(CellStates).Zip(copy.Hidden.Concat(copy.CellStates)))
        {
            to.Reserve(from.Length);
            from.Span.CopyTo(to.Span);
        }
        return copy;
    }
}
