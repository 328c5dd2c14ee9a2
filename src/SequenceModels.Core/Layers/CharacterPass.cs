using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>What a <see cref="CharacterLayer"/> remembers between forward and backward, for the words of one batch.</summary>
/// <param name="passes">One for each direction.</param>
/// <param name="vocabularySize">Number of characters.</param>
internal sealed class CharacterPass(RecurrentPass[] passes, int vocabularySize)
{
    public RecurrentPass[] Passes => passes;

    /// <summary>The words' different characters.</summary>
    public DistinctTokens Characters { get; } = new(vocabularySize);

    /// <summary>[different characters, E] their vectors.</summary>
    public FloatBuffer Embedded { get; } = new();

    /// <summary>[characters of all words, 2 H] the states, and their gradients.</summary>
    public FloatBuffer States { get; } = new();

    public FloatBuffer StateGradients { get; } = new();

    /// <summary>[words, 2 H] the words' vectors, and their gradients.</summary>
    public FloatBuffer Vectors { get; } = new();

    public FloatBuffer VectorGradients { get; } = new();
}
