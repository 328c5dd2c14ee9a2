using SequenceModels.Kernels;

namespace SequenceModels.Benchmarks.Kernels;

/// <summary>Operands that no processor has a short cut for.</summary>
internal static class RandomNumbers
{
    private static readonly Random s_random = new(1);

    /// <summary>Numbers between -1/2 and 1/2, so that sums of their products stay small.</summary>
    public static FloatBuffer Buffer(long length)
    {
        var buffer = new FloatBuffer(length);
        foreach (ref float number in buffer.Span)
            number = s_random.NextSingle() - 0.5f;
        return buffer;
    }
}
