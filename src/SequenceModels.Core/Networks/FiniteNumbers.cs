using System.Numerics.Tensors;

namespace SequenceModels.Networks;

/// <summary>
/// Throws rather than work with, or give, numbers that mean nothing: sums of finite numbers may be too large to be one.
/// </summary>
internal static class FiniteNumbers
{
    /// <summary>The same scores, if all of them are numbers.</summary>
    /// <exception cref="ArithmeticException">A score is NaN or infinite.</exception>
    public static ReadOnlySpan<float> RequireScores(ReadOnlySpan<float> scores) => TensorPrimitives.IsFiniteAll(scores) ? scores
        : throw TooLarge();

    /// <summary>The same losses, if all of them are numbers; one of a token that is impossible may be infinite.</summary>
    /// <exception cref="ArithmeticException">A loss is NaN.</exception>
    public static ReadOnlySpan<double> RequireLosses(ReadOnlySpan<double> losses) => TensorPrimitives.IsNaNAny(losses)
        ? throw TooLarge() : losses;

    /// <exception cref="ArgumentException">A number is NaN or infinite.</exception>
    public static void RequireFrames(ReadOnlySpan<float> frames)
    {
        if (!frames.IsEmpty && !TensorPrimitives.IsFiniteAll(frames))
            throw new ArgumentException("The frames hold a value that is NaN or infinite.", nameof(frames));
    }

    private static ArithmeticException TooLarge() =>
        new("A score is NaN or infinite: the numbers of the sequence, or the network's weights, are too large " +
        "to be worked with. Remove such values, or clip them, before.");
}
