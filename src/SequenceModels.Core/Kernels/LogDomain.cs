using System.Numerics.Tensors;

namespace SequenceModels.Kernels;

/// <summary>e^x and log x of rows of doubles in which minus infinity is the logarithm of probability 0.</summary>
/// <remarks>
/// The library leaves its vectors for a slower way when one of their elements is infinite or zero.
/// That way gives all of them other last bits, and not the same ones before and after the runtime has compiled it again.
/// So the library gets finite numbers only.
/// </remarks>
internal static class LogDomain
{
    /// <summary>e to this power is small, but a normal number.</summary>
    private const double Lowest = -708;

    private const double Smallest = 3.4e-308; // a little above e^Lowest

    /// <summary>Replaces each x by e^x; by 0 for x of -708 or less.</summary>
    public static void Exp(Span<double> values)
    {
        TensorPrimitives.Max(values, Lowest, values);
        TensorPrimitives.Exp(values, values);
        foreach (ref double value in values)
            if (value < Smallest)
                value = 0;
    }

    /// <summary>Replaces each x by log x; 0, and what is nearly as small, by minus infinity. None may be negative.</summary>
    public static void Log(Span<double> values)
    {
        TensorPrimitives.Max(values, Smallest, values);
        TensorPrimitives.Log(values, values);
        foreach (ref double value in values)
            if (value < Lowest + 0.1)
                value = double.NegativeInfinity;
    }
}
