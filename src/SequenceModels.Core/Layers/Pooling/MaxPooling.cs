using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>For each unit the largest value that it took at any step; of equal ones the first learns.</summary>
internal sealed class MaxPooling(int stateStride) : PoolingLayer(stateStride)
{
    protected internal override void Take(Span<float> kept, ReadOnlySpan<float> state, long before)
    {
        if (before == 0)
            state.CopyTo(kept);
        else
            for (int i = 0; i < state.Length; i++)
                if (state[i] > kept[i])
                    kept[i] = state[i];
    }

    protected internal override void AddGradient(PoolingPass pass, SequenceStates states, ReadOnlySpan<float> dPooled,
        SequenceStates dStates, FloatBuffer gradients)
    {
        Span<float> largest = pass.Reserve(StateStride);
        Span<int> at = pass.ReserveLargest(StateStride);
        states[0].CopyTo(largest);
        at.Clear();
        for (int t = 1; t < states.Count; t++)
        {
            ReadOnlySpan<float> state = states[t];
            for (int i = 0; i < state.Length; i++)
                if (state[i] > largest[i])
                    (largest[i], at[i]) = (state[i], t);
        }
        for (int i = 0; i < at.Length; i++)
            dStates[at[i]][i] += dPooled[i];
    }
}
