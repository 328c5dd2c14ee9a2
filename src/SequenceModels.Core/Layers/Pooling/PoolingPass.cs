using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>What a <see cref="PoolingLayer"/> remembers of a sequence that comes in parts, and its scratch memory.</summary>
internal sealed class PoolingPass
{
    private float[] _kept = [];

    /// <summary>What is kept of a sequence's earlier steps, if it comes in parts. Null: sequences are whole.</summary>
    public PooledStates? Carried { get; set; }

    /// <summary>[T] for each step of a sequence one number.</summary>
    public FloatBuffer Steps { get; } = new();

    /// <summary>[D] for each unit, the step where it was largest.</summary>
    public int[] Largest { get; private set; } = [];

    /// <summary>Room for what is kept of the steps of a whole sequence.</summary>
    public Span<float> Reserve(int length)
    {
        if (_kept.Length < length)
            _kept = new float[length];
        return _kept.AsSpan(0, length);
    }

    /// <summary>Room for a step of each unit.</summary>
    public Span<int> ReserveLargest(int units)
    {
        if (Largest.Length < units)
            Largest = new int[units];
        return Largest.AsSpan(0, units);
    }
}
