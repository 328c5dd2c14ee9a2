using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>What several poolings make of the same states, side by side.</summary>
/// <param name="parts">In their order; each of one vector, without parameters, and keeping no more than that.</param>
internal sealed class SeveralPoolings(params PoolingLayer[] parts) : PoolingLayer(parts[0].StateStride)
{
    public override int Vectors => parts.Length;

    protected internal override void Take(Span<float> kept, ReadOnlySpan<float> state, long before)
    {
        for (int i = 0; i < parts.Length; i++)
            parts[i].Take(PartOf(kept, i), state, before);
    }

    protected internal override void Read(ReadOnlySpan<float> kept, long steps, Span<float> pooled)
    {
        for (int i = 0; i < parts.Length; i++)
            parts[i].Read(kept.Slice(i * StateStride, StateStride), steps, PartOf(pooled, i));
    }

    protected internal override void Pool(SequenceStates states, Span<float> kept, Span<float> pooled)
    {
        for (int i = 0; i < parts.Length; i++)
            parts[i].Pool(states, PartOf(kept, i), PartOf(pooled, i));
    }

    protected internal override void AddGradient(PoolingPass pass, SequenceStates states, ReadOnlySpan<float> dPooled,
        SequenceStates dStates, FloatBuffer gradients)
    {
        for (int i = 0; i < parts.Length; i++)
            parts[i].AddGradient(pass, states, dPooled.Slice(i * StateStride, StateStride), dStates, gradients);
    }

    private Span<float> PartOf(Span<float> all, int part) => all.Slice(part * StateStride, StateStride);
}
