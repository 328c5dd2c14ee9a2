namespace SequenceModels.Layers;

/// <summary>
/// What a <see cref="PoolingLayer"/> keeps of the steps that a sequence has had: their sum, the largest, or the last.
/// </summary>
internal sealed class PooledStates
{
    private float[] _values = [];

    /// <summary>Steps so far.</summary>
    public long Steps { get; set; }

    /// <summary>[KeptLength]; empty before the first step.</summary>
    public ReadOnlySpan<float> Values => _values;

    public PooledStates Copy() => new() { _values = [.. _values], Steps = Steps };

    /// <summary>Becomes equal to another.</summary>
    public void CopyFrom(PooledStates other)
    {
        Span<float> to = Reserve(other._values.Length);
        to.Clear();
        other._values.CopyTo(to);
        Steps = other.Steps;
    }

    /// <summary>The values, zero where there were none.</summary>
    public Span<float> Reserve(int length)
    {
        if (_values.Length < length)
            _values = new float[length];
        return _values;
    }
}
