using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>What a row tile multiplies.</summary>
internal unsafe struct RowTileArguments
{
    /// <summary>[K] the row.</summary>
    public float* A;
    public nint Inner;

    /// <summary>Two right operands: row k of their columns stands at B + k * BStep.</summary>
    public float* B0, B1;
    public nint BStep;

    /// <summary>The values that the sums begin with, and where they go.</summary>
    public float* Start0, Start1, C0, C1;
}

/// <summary>
/// One row times two strips of up to four registers. A single row finds little work for each weight that it loads, so the weights'
/// way from the second-level cache decides: two strips at once keep more of them under way. Each sum is taken in the order of k,
/// as in <see cref="Tile{V,TRows,TColumns}"/>, and gives the same bits.
/// </summary>
internal static unsafe class RowTile<V, TColumns>
    where V : struct, IVector<V>
    where TColumns : struct, INumber
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ref RowTileArguments t)
    {
        Strip<V, TColumns> s0 = Strip<V, TColumns>.Load(t.Start0), s1 = Strip<V, TColumns>.Load(t.Start1);
        float* a = t.A, end = t.A + t.Inner, b0 = t.B0, b1 = t.B1;
        nint bStep = t.BStep;
        for (; a < end; a++)
        {
            V factor = V.Create(*a);
            s0.Add(factor, b0);
            s1.Add(factor, b1);
            b0 += bStep;
            b1 += bStep;
        }
        s0.Store(t.C0);
        s1.Store(t.C1);
    }
}

/// <summary>Up to four registers side by side; the JIT keeps them in registers.</summary>
internal unsafe struct Strip<V, TColumns>
    where V : struct, IVector<V>
    where TColumns : struct, INumber
{
    private V _0, _1, _2, _3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip<V, TColumns> Load(float* source)
    {
        Strip<V, TColumns> strip = default;
        strip._0 = V.Load(source);
        if (TColumns.Value > 1) strip._1 = V.Load(source + V.Count);
        if (TColumns.Value > 2) strip._2 = V.Load(source + 2 * V.Count);
        if (TColumns.Value > 3) strip._3 = V.Load(source + 3 * V.Count);
        return strip;
    }

    /// <summary>this += factor * b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V factor, in Strip<V, TColumns> b)
    {
        _0 = V.MultiplyAdd(factor, b._0, _0);
        if (TColumns.Value > 1) _1 = V.MultiplyAdd(factor, b._1, _1);
        if (TColumns.Value > 2) _2 = V.MultiplyAdd(factor, b._2, _2);
        if (TColumns.Value > 3) _3 = V.MultiplyAdd(factor, b._3, _3);
    }

    /// <summary>this += factor * what stands at <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(V factor, float* b) => Add(factor, Load(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* destination)
    {
        V.Store(_0, destination);
        if (TColumns.Value > 1) V.Store(_1, destination + V.Count);
        if (TColumns.Value > 2) V.Store(_2, destination + 2 * V.Count);
        if (TColumns.Value > 3) V.Store(_3, destination + 3 * V.Count);
    }
}
