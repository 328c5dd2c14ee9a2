namespace SequenceModels.Kernels;

/// <summary>One number from all lanes of a register, always combined in the same order.</summary>
internal static unsafe class Lanes
{
    private const int Most = 16;

    public static float Sum<V>(V value) where V : struct, IVector<V>
    {
        float* lanes = stackalloc float[Most];
        V.Store(value, lanes);
        for (int half = V.Count / 2; half > 0; half /= 2)
            for (int i = 0; i < half; i++)
                lanes[i] += lanes[i + half];
        return lanes[0];
    }

    public static float Max<V>(V value) where V : struct, IVector<V>
    {
        float* lanes = stackalloc float[Most];
        V.Store(value, lanes);
        float max = lanes[0];
        for (int i = 1; i < V.Count; i++)
            max = Math.Max(max, lanes[i]);
        return max;
    }
}
