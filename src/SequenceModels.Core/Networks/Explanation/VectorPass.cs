using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>One batch on its way through a <see cref="VectorNetwork"/>.</summary>
/// <param name="stack">What the recurrent layers remember.</param>
/// <param name="pooling">What pooling remembers.</param>
/// <param name="weights">Floats of the network's parameters.</param>
internal sealed class VectorPass(StackPass stack, PoolingPass pooling, long weights)
{
    public SequenceBatch Batch { get; } = new();

    public StackPass Stack => stack;

    public PoolingPass Pooling => pooling;

    /// <summary>[rows, I] the vectors of the steps, and their gradients.</summary>
    public FloatBuffer Vectors { get; } = new();

    public FloatBuffer VectorGradients { get; } = new();

    /// <summary>[rows, D] the top layer's states.</summary>
    public FloatBuffer States { get; set; } = new();

    /// <summary>[B, D] one vector a sequence, and its gradient.</summary>
    public FloatBuffer Pooled { get; } = new();

    public FloatBuffer PooledGradient { get; } = new();

    /// <summary>[B, K] the outputs; then their gradients.</summary>
    public FloatBuffer Outputs { get; } = new();

    /// <summary>[B, T I] the vectors of each sequence together, where a linear path reads them.</summary>
    public FloatBuffer Steps { get; } = new();

    /// <summary>[K] what the row has beside its steps adds to the outputs at the end of the way.</summary>
    public FloatBuffer RowOutputs { get; } = new();

    /// <summary>[B] how much of that is there at the point that each sequence of the batch stands for.</summary>
    public float[] Factors { get; } = new float[GaussLegendre.Points];

    /// <summary>Those of the weights come with the others; nobody reads them.</summary>
    public FloatBuffer WeightGradients { get; } = new(weights);
}
