using SequenceModels.Kernels;
using SequenceModels.Layers;

namespace SequenceModels;

/// <summary>What the entrance of a network with several features remembers between forward and backward. No memory where there is one.</summary>
/// <param name="characters">For each further feature; null of those without characters.</param>
internal sealed class InputPass(CharacterPass?[] characters)
{
    public CharacterPass?[] Characters => characters;

    /// <summary>[rows, I] the vectors of all features side by side, and their gradients.</summary>
    public FloatBuffer Vectors { get; } = new();

    public FloatBuffer Gradients { get; } = new();
}
