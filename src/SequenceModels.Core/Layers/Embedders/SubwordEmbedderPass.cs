using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>What a <see cref="SubwordEmbedder"/> works with, for the words of one batch.</summary>
internal sealed class SubwordEmbedderPass : FeatureEmbedderPass
{
    /// <summary>[words, E] the words' vectors.</summary>
    public FloatBuffer Vectors { get; } = new();
}
