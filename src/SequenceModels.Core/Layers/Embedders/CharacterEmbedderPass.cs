using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>What a <see cref="CharacterEmbedder"/> remembers between forward and backward, for the words of one batch.</summary>
/// <param name="stack">Of the LSTM that reads the characters.</param>
/// <param name="vocabularySize">Number of characters.</param>
internal sealed class CharacterEmbedderPass(StackPass stack, int vocabularySize) : FeatureEmbedderPass
{
    public StackPass Stack => stack;

    /// <summary>The words' different characters.</summary>
    public DistinctTokens Characters { get; } = new(vocabularySize);

    /// <summary>[different characters, E] their vectors.</summary>
    public FloatBuffer Embedded { get; } = new();

    /// <summary>[words, 2 H] the words' vectors, and their gradients.</summary>
    public FloatBuffer Vectors { get; } = new();

    public FloatBuffer VectorGradients { get; } = new();
}
