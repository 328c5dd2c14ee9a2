using System.Numerics.Tensors;
using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>The mean of all states. Kept of the steps so far: their sum.</summary>
internal sealed class MeanPooling(int stateStride) : PoolingLayer(stateStride)
{
    protected internal override void Take(Span<float> kept, ReadOnlySpan<float> state, long before) =>
        TensorPrimitives.Add(kept, state, kept);

    protected internal override void Read(ReadOnlySpan<float> kept, long steps, Span<float> pooled) =>
        TensorPrimitives.Divide(kept, steps, pooled);

    protected internal override void AddGradient(PoolingPass pass, SequenceStates states, ReadOnlySpan<float> dPooled,
        SequenceStates dStates, FloatBuffer gradients)
    {
        Span<float> share = pass.Reserve(StateStride);
        TensorPrimitives.Divide(dPooled, states.Count, share);
        for (int t = 0; t < states.Count; t++)
            TensorPrimitives.Add(dStates[t], share, dStates[t]);
    }
}
