using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>Up to eight registers side by side, of sums or of weights; the JIT keeps them in registers.</summary>
internal unsafe struct ByteStrip<S, TColumns>
    where S : struct, IByteSums<S>
    where TColumns : struct, INumber
{
    private S _0, _1, _2, _3, _4, _5, _6, _7;

    /// <summary>Reads sums, or four weights for each of as many columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteStrip<S, TColumns> Load(void* source)
    {
        int* from = (int*)source;
        ByteStrip<S, TColumns> strip = default;
        strip._0 = S.Load(from);
        if (TColumns.Value > 1) strip._1 = S.Load(from + S.Count);
        if (TColumns.Value > 2) strip._2 = S.Load(from + 2 * S.Count);
        if (TColumns.Value > 3) strip._3 = S.Load(from + 3 * S.Count);
        if (TColumns.Value > 4) strip._4 = S.Load(from + 4 * S.Count);
        if (TColumns.Value > 5) strip._5 = S.Load(from + 5 * S.Count);
        if (TColumns.Value > 6) strip._6 = S.Load(from + 6 * S.Count);
        if (TColumns.Value > 7) strip._7 = S.Load(from + 7 * S.Count);
        return strip;
    }

    /// <summary>this += weights · numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in ByteStrip<S, TColumns> weights, S numbers)
    {
        _0 = S.AddProducts(_0, weights._0, numbers);
        if (TColumns.Value > 1) _1 = S.AddProducts(_1, weights._1, numbers);
        if (TColumns.Value > 2) _2 = S.AddProducts(_2, weights._2, numbers);
        if (TColumns.Value > 3) _3 = S.AddProducts(_3, weights._3, numbers);
        if (TColumns.Value > 4) _4 = S.AddProducts(_4, weights._4, numbers);
        if (TColumns.Value > 5) _5 = S.AddProducts(_5, weights._5, numbers);
        if (TColumns.Value > 6) _6 = S.AddProducts(_6, weights._6, numbers);
        if (TColumns.Value > 7) _7 = S.AddProducts(_7, weights._7, numbers);
    }

    /// <summary>this += what stands at <paramref name="weights"/> · numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(sbyte* weights, S numbers) => Add(Load(weights), numbers);

    /// <summary>Writes a row of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(in ByteTileArguments t, int row)
    {
        float* start = t.Start[row], scales = t.ColumnScales, c = t.C + row * t.CRow;
        float scale = t.RowScales[row];
        S.Store(_0, scale, scales, start, c);
        if (TColumns.Value > 1) S.Store(_1, scale, scales + S.Count, start + S.Count, c + S.Count);
        if (TColumns.Value > 2) S.Store(_2, scale, scales + 2 * S.Count, start + 2 * S.Count, c + 2 * S.Count);
        if (TColumns.Value > 3) S.Store(_3, scale, scales + 3 * S.Count, start + 3 * S.Count, c + 3 * S.Count);
        if (TColumns.Value > 4) S.Store(_4, scale, scales + 4 * S.Count, start + 4 * S.Count, c + 4 * S.Count);
        if (TColumns.Value > 5) S.Store(_5, scale, scales + 5 * S.Count, start + 5 * S.Count, c + 5 * S.Count);
        if (TColumns.Value > 6) S.Store(_6, scale, scales + 6 * S.Count, start + 6 * S.Count, c + 6 * S.Count);
        if (TColumns.Value > 7) S.Store(_7, scale, scales + 7 * S.Count, start + 7 * S.Count, c + 7 * S.Count);
    }
}
