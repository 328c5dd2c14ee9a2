using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>
/// Exponential, sigmoid and tanh of a register. 2^x is split into a whole power and a polynomial of degree five on [-1/2, 1/2]
/// (coefficients by the Remez algorithm); absolute error at most 2e-7. A NaN stays a NaN; tanh(0) is exactly 0.
/// </summary>
/// <remarks>
/// A function is a chain of some twenty operations, each of which waits for the one before. The processor works on as many chains
/// as its window of operations holds, so cells take the gates of all rows first, and only then what needs several gates of a row:
/// in one pass, chains would be two or three functions long.
/// </remarks>
internal static unsafe class Activations
{
    private const float Log2E = 1.44269504f;

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x) where V : struct, IVector<V> =>
        V.Reciprocal(V.Create(1) + Exp2(x * V.Create(-Log2E)));

    /// <summary>1 - 2 / (1 + e^2x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x) where V : struct, IVector<V> =>
        V.MultiplyAdd(V.Reciprocal(V.Create(1) + Exp2(x * V.Create(2 * Log2E))), V.Create(-2), V.Create(1));

    /// <summary>values = sigmoid(values), for a count that is a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sigmoid<V>(float* values, int count) where V : struct, IVector<V>
    {
        for (int i = 0; i < count; i += V.Count)
            V.Store(Sigmoid(V.Load(values + i)), values + i);
    }

    /// <summary>values = tanh(values), likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tanh<V>(float* values, int count) where V : struct, IVector<V>
    {
        for (int i = 0; i < count; i += V.Count)
            V.Store(Tanh(V.Load(values + i)), values + i);
    }

    /// <summary>s * (1 - s): the slope of the sigmoid where its value is s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SigmoidSlope<V>(V s) where V : struct, IVector<V> => s * (V.Create(1) - s);

    /// <summary>1 - t^2: the slope of tanh where its value is t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TanhSlope<V>(V t) where V : struct, IVector<V> => V.Create(1) - t * t;

    /// <summary>e^x for x in [-87, 87], and the nearest of these values' powers beyond. Relative error at most 4e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x) where V : struct, IVector<V>
    {
        x = V.Max(V.Create(-87), V.Min(V.Create(87), x));
        V whole = V.Round(x * V.Create(Log2E));
        // x - whole * ln 2 with ln 2 in two parts: a product of x and log2(e) alone would lose the last bits of a large x.
        V rest = V.MultiplyAdd(whole, V.Create(-0.693359375f), x);
        rest = V.MultiplyAdd(whole, V.Create(2.12194440e-4f), rest);
        return Power(rest * V.Create(Log2E), whole);
    }

    /// <summary>2^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exp2<V>(V x) where V : struct, IVector<V>
    {
        V rest = V.Split(x, out V whole);
        return Power(rest, whole);
    }

    /// <summary>2^(rest + whole) for rest in [-1/2, 1/2].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Power<V>(V rest, V whole) where V : struct, IVector<V>
    {
        V p = V.Create(1.32764725e-3f);
        p = V.MultiplyAdd(p, rest, V.Create(9.67554096e-3f));
        p = V.MultiplyAdd(p, rest, V.Create(5.55071309e-2f));
        p = V.MultiplyAdd(p, rest, V.Create(2.40221202e-1f));
        p = V.MultiplyAdd(p, rest, V.Create(6.93146944e-1f));
        p = V.MultiplyAdd(p, rest, V.Create(1));
        return V.ScaleByPowerOfTwo(p, whole);
    }
}
