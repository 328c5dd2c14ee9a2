using SequenceModels.Kernels;
using SequenceModels.Layers;

namespace SequenceModels.Networks;

/// <summary>One batch on its way through an <see cref="EncoderNetwork"/>.</summary>
/// <param name="network">The network.</param>
/// <param name="input">What the embedder remembers.</param>
/// <param name="stack">What the recurrent layers remember.</param>
/// <param name="pooling">What pooling remembers; null where every step has an output.</param>
internal sealed class EncoderPass(EncoderNetwork network, StepEmbedderPass input, StackPass stack, PoolingPass? pooling)
    : NetworkPass(network)
{
    public StepEmbedderPass Input => input;

    public StackPass Stack => stack;

    /// <summary>What pooling remembers; null where every step has an output.</summary>
    public PoolingPass? Pooling => pooling;

    /// <summary>Of the vectors that dropout acts on at present; drawn anew for each place.</summary>
    public DropoutMask Mask { get; } = new();

    /// <summary>[rows, D] the top layer's states, which pooling reads.</summary>
    public FloatBuffer States { get; set; } = new();

    /// <summary>[B, D] one vector a sequence, and its gradient; not used where every step has an output.</summary>
    public FloatBuffer Pooled { get; } = new();

    public FloatBuffer PooledGradient { get; } = new();

    /// <summary>[M, D] what the output layer reads: the pooled vectors, or the top layer's states.</summary>
    public FloatBuffer Features { get; set; } = new();

    public FloatBuffer FeatureGradient => pooling is null ? stack.OutputGradient : PooledGradient;

    public override int OutputRows => pooling is null ? Batch.Rows : Batch.Count;

    public override void RestoreStates(CarriedStates states, bool begins) => stack.RestoreStates(states, begins);

    public override void SaveStates() => stack.SaveStates(Batch);

    /// <summary>Dropout on the vectors that enter at every step [rows, width], or on their gradients.</summary>
    public unsafe void DropSteps(Dropout dropout, float* rows, int width)
    {
        Mask.Draw(dropout, place: 0, Batch, width);
        Mask.ApplyToSteps(Batch, rows);
    }

    /// <summary>Dropout on the pooled vectors [B, D], or on their gradients.</summary>
    public unsafe void DropPooled(Dropout dropout, FloatBuffer pooled)
    {
        Mask.Draw(dropout with { EachStep = false }, place: 1 + network.Stack.Count, Batch, network.FeatureStride);
        Mask.Apply(pooled.Data, firstRow: 0, Batch.Count, pooled.Data);
    }

    /// <summary>Makes room for a backward pass of the batch.</summary>
    public void ReserveGradients()
    {
        stack.OutputGradient.Reserve((long)Batch.Rows * network.StateStride);
        PooledGradient.Reserve((long)Batch.Count * network.FeatureStride);
    }
}
