using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>Up to four registers of sums side by side; the JIT keeps them in registers.</summary>
internal unsafe struct ByteStrip<S, TBytes, TColumns>
    where S : struct, IByteSums<S, TBytes>
    where TBytes : struct
    where TColumns : struct, INumber
{
    private S _0, _1, _2, _3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteStrip<S, TBytes, TColumns> Create(int value)
    {
        ByteStrip<S, TBytes, TColumns> strip = default;
        strip._0 = S.Create(value);
        if (TColumns.Value > 1) strip._1 = S.Create(value);
        if (TColumns.Value > 2) strip._2 = S.Create(value);
        if (TColumns.Value > 3) strip._3 = S.Create(value);
        return strip;
    }

    /// <summary>this += weights · numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in WeightStrip<S, TBytes, TColumns> weights, TBytes numbers)
    {
        _0 = S.AddProducts(_0, weights.First, numbers);
        if (TColumns.Value > 1) _1 = S.AddProducts(_1, weights.Second, numbers);
        if (TColumns.Value > 2) _2 = S.AddProducts(_2, weights.Third, numbers);
        if (TColumns.Value > 3) _3 = S.AddProducts(_3, weights.Fourth, numbers);
    }

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
    }
}

/// <summary>The weights that belong to up to four registers of sums.</summary>
internal unsafe struct WeightStrip<S, TBytes, TColumns>
    where S : struct, IByteSums<S, TBytes>
    where TBytes : struct
    where TColumns : struct, INumber
{
    public TBytes First, Second, Third, Fourth;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WeightStrip<S, TBytes, TColumns> Load(byte* weights)
    {
        WeightStrip<S, TBytes, TColumns> strip = default;
        strip.First = S.LoadWeights(weights);
        if (TColumns.Value > 1) strip.Second = S.LoadWeights(weights + 4 * S.Count);
        if (TColumns.Value > 2) strip.Third = S.LoadWeights(weights + 8 * S.Count);
        if (TColumns.Value > 3) strip.Fourth = S.LoadWeights(weights + 12 * S.Count);
        return strip;
    }
}
