using System.Numerics.Tensors;

namespace SequenceModels.Sequences;

/// <summary>(x - Mean) * Factor for each of a frame's F numbers; nothing where the arrays are empty.</summary>
/// <param name="Mean">[F] or empty.</param>
/// <param name="Factor">[F] or empty.</param>
internal sealed record FeatureScaling(float[] Mean, float[] Factor)
{
    public static FeatureScaling None { get; } = new([], []);

    /// <summary>Scales a frame of finite numbers.</summary>
    /// <exception cref="ArgumentException">A scaled number is too large for a float.</exception>
    public void Apply(ReadOnlySpan<float> frame, Span<float> destination)
    {
        if (Mean.Length == 0)
        {
            frame.CopyTo(destination);
            return;
        }
        TensorPrimitives.Subtract(frame, Mean, destination);
        TensorPrimitives.Multiply(destination, Factor, destination);
        if (!TensorPrimitives.IsFiniteAll<float>(destination))
            ApplyToLarge(frame, destination);
    }

    /// <summary>The same where the difference is too large for a float, and may yet come down to one.</summary>
    private void ApplyToLarge(ReadOnlySpan<float> frame, Span<float> destination)
    {
        for (int i = 0; i < frame.Length; i++)
        {
            destination[i] = (float)(((double)frame[i] - Mean[i]) * Factor[i]);
            if (!float.IsFinite(destination[i]))
                throw new ArgumentException(Invariant($"Feature {i} of a step is {frame[i]}, which is too far from the ") +
                    Invariant($"training rows' mean of {Mean[i]} to be scaled by {Factor[i]}. Remove such values, or clip ") +
                    "them, before.");
        }
    }
}
