using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>What a <see cref="StepEmbedder"/> remembers between forward and backward.</summary>
/// <param name="vocabularySize">V, where the steps are tokens alone.</param>
/// <param name="features">For each feature; null of those that remember nothing.</param>
internal sealed class StepEmbedderPass(int vocabularySize, FeatureEmbedderPass?[] features)
{
    private DistinctTokens? _distinctTokens;

    public FeatureEmbedderPass?[] Features => features;

    /// <summary>The batch's different tokens; only learning lists them.</summary>
    public DistinctTokens DistinctTokens => _distinctTokens ??= new DistinctTokens(vocabularySize);

    /// <summary>[vectors, E] of tokens alone: their vectors.</summary>
    public FloatBuffer Embedded { get; } = new();

    /// <summary>[rows, I] of several features: their vectors side by side, and the gradients of these.</summary>
    public FloatBuffer Vectors { get; } = new();

    public FloatBuffer Gradients { get; } = new();
}
