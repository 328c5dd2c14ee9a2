using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// A weighted mean of all states h_t, the weights learned: a_t = exp(v · h_t) / sum_i exp(v · h_i), pooled = sum_t a_t h_t. At
/// first v is zero, and what is pooled is the mean.
/// </summary>
/// <remarks>
/// <para>
/// Felbo et al., "Using millions of emoji occurrences to learn any-domain representations for detecting sentiment, emotion and
/// sarcasm", EMNLP 2017, section 3.2: D parameters, one to a unit, over states that a recurrent layer has already squashed. Yang
/// et al., "Hierarchical Attention Networks for Document Classification", NAACL 2016, put a layer of D² weights in between.
/// </para>
/// <para>
/// The sums are taken step after step, from the largest score so far, and made smaller whenever a larger score comes: a sequence
/// that comes in parts has the same ones. Milakov and Gimelshein, "Online normalizer calculation for softmax", 2018.
/// </para>
/// </remarks>
internal sealed unsafe class AttentionPooling : PoolingLayer
{
    private readonly ParameterSet _parameters;
    private readonly Parameter _vector;

    /// <param name="parameters">Takes v.</param>
    /// <param name="directions">1 or 2.</param>
    /// <param name="hiddenSize">H.</param>
    public AttentionPooling(ParameterSet parameters, int directions, int hiddenSize) : base(directions * Rows.Padded(hiddenSize))
    {
        _parameters = parameters;
        // One row and one panel: laid out and padded as a state is.
        _vector = parameters.Add(new Parameter("pooling.v", 1, directions, hiddenSize, Rows.Padded(hiddenSize)));
    }

    /// <summary>The weighted sum of the states [D], the largest score, and the sum of weights.</summary>
    public override int KeptLength => StateStride + 2;

    protected internal override void Take(Span<float> kept, ReadOnlySpan<float> state, long before)
    {
        Span<float> sum = kept[..StateStride];
        ref float largest = ref kept[StateStride], weights = ref kept[StateStride + 1];
        float score = ScoreOf(state);
        if (before == 0)
        {
            state.CopyTo(sum);
            (largest, weights) = (score, 1);
        }
        else if (score > largest)
        {
            float smaller = MathF.Exp(largest - score);
            TensorPrimitives.MultiplyAdd(sum, smaller, state, sum);
            (largest, weights) = (score, weights * smaller + 1);
        }
        else
        {
            float weight = MathF.Exp(score - largest);
            TensorPrimitives.MultiplyAdd(state, weight, sum, sum);
            weights += weight;
        }
    }

    protected internal override void Read(ReadOnlySpan<float> kept, long steps, Span<float> pooled) =>
        TensorPrimitives.Divide(kept[..StateStride], kept[StateStride + 1], pooled);

    /// <summary>
    /// With g the gradient of what is pooled: that of a score is s_t = a_t (g · h_t - sum_i a_i g · h_i), that of a state
    /// a_t g + s_t v, and that of v is sum_t s_t h_t.
    /// </summary>
    /// <inheritdoc/>
    protected internal override void AddGradient(PoolingPass pass, SequenceStates states, ReadOnlySpan<float> dPooled,
        SequenceStates dStates, FloatBuffer gradients)
    {
        int steps = states.Count, padded = Rows.Padded(steps);
        pass.Steps.Reserve(padded);
        Span<float> weights = pass.Steps.Span[..padded], dVector = VectorIn(gradients);
        for (int t = 0; t < steps; t++)
            weights[t] = ScoreOf(states[t]);
        Softmax.Scaled(pass.Steps.Data, steps, padded, factor: 1);
        double mean = 0;
        for (int t = 0; t < steps; t++)
            mean += weights[t] * (double)TensorPrimitives.Dot(dPooled, states[t]);
        for (int t = 0; t < steps; t++)
        {
            Span<float> state = states[t], dState = dStates[t];
            float dScore = (float)(weights[t] * (TensorPrimitives.Dot(dPooled, state) - mean));
            TensorPrimitives.MultiplyAdd(dPooled, weights[t], dState, dState);
            TensorPrimitives.MultiplyAdd(VectorIn(_parameters.Values), dScore, dState, dState);
            TensorPrimitives.MultiplyAdd(state, dScore, dVector, dVector);
        }
    }

    private float ScoreOf(ReadOnlySpan<float> state) => TensorPrimitives.Dot(VectorIn(_parameters.Values), state);

    private Span<float> VectorIn(FloatBuffer buffer) => new(_vector.In(buffer), StateStride);
}
