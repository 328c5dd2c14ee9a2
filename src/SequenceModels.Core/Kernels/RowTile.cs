using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>What a row tile multiplies.</summary>
internal unsafe struct RowTileArguments
{
    /// <summary>[K] the row.</summary>
    public float* A;
    public nint Inner;

    /// <summary>Right operands, BStrip floats apart: row k of the first one's columns stands at B + k * BStep.</summary>
    public float* B;
    public nint BStep, BStrip;

    /// <summary>
    /// The values that the sums begin with, and where they go; of each operand StartStrip and CStrip floats further.
    /// </summary>
    public float* Start, C;
    public nint StartStrip, CStrip;
}

/// <summary>
/// One row times three or four strips of registers. A single row finds little work for each weight that it loads, so the weights'
/// way from the second-level cache decides. Each sum is taken in the order of k, as in
/// <see cref="Tile{V,TRows,TColumns,TAhead}"/>, and gives the same bits.
/// </summary>
internal static unsafe class RowTile<V, TColumns, TStrips>
    where V : struct, IVector<V>
    where TColumns : struct, INumber
    where TStrips : struct, INumber
{
    [MethodImpl(Simd.Kernel)]
    public static void Run(in RowTileArguments t)
    {
        float* start = t.Start;
        Strip<V, TColumns> s0 = Strip<V, TColumns>.Load(start), s1 = Strip<V, TColumns>.Load(start += t.StartStrip),
            s2 = Strip<V, TColumns>.Load(start += t.StartStrip), s3 = default;
        if (TStrips.Value > 3) s3 = Strip<V, TColumns>.Load(start + t.StartStrip);
        float* a = t.A, end = t.A + t.Inner, b0 = t.B, b1 = b0 + t.BStrip, b2 = b1 + t.BStrip, b3 = b2 + t.BStrip;
        nint bStep = t.BStep;
        for (; a < end; a++)
        {
            V factor = V.Create(*a);
            s0.Add(factor, b0);
            s1.Add(factor, b1);
            s2.Add(factor, b2);
            if (TStrips.Value > 3) s3.Add(factor, b3);
            b0 += bStep;
            b1 += bStep;
            b2 += bStep;
            if (TStrips.Value > 3) b3 += bStep;
        }
        float* c = t.C;
        s0.Store(c);
        s1.Store(c += t.CStrip);
        s2.Store(c += t.CStrip);
        if (TStrips.Value > 3) s3.Store(c + t.CStrip);
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
