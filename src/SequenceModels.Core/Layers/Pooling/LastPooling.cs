using System.Numerics.Tensors;
using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>The state in which each direction ends: at the last step going forward, at the first going backward.</summary>
internal sealed class LastPooling(int directions, int stateStride) : PoolingLayer(stateStride)
{
    private int Width => StateStride / directions;

    /// <summary>Of a network that reads forward: no other can be fed in parts.</summary>
    protected internal override void Take(Span<float> kept, ReadOnlySpan<float> state, long before) => state.CopyTo(kept);

    protected internal override void Pool(SequenceStates states, Span<float> kept, Span<float> pooled)
    {
        for (int d = 0; d < directions; d++)
            states[EndOf(d, states)].Slice(d * Width, Width).CopyTo(pooled[(d * Width)..]);
    }

    protected internal override void AddGradient(PoolingPass pass, SequenceStates states, ReadOnlySpan<float> dPooled,
        SequenceStates dStates, FloatBuffer gradients)
    {
        for (int d = 0; d < directions; d++)
        {
            Span<float> to = dStates[EndOf(d, states)].Slice(d * Width, Width);
            TensorPrimitives.Add(to, dPooled.Slice(d * Width, Width), to);
        }
    }

    /// <summary>Where a direction ends: at the last step going forward, at the first going backward.</summary>
    private static int EndOf(int direction, SequenceStates states) => direction == 0 ? states.Count - 1 : 0;
}
