using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>A number known when the kernel is compiled, so that loops over it vanish.</summary>
internal interface INumber
{
    static abstract int Value { get; }
}

internal readonly struct N1 : INumber { public static int Value => 1; }

internal readonly struct N2 : INumber { public static int Value => 2; }

internal readonly struct N3 : INumber { public static int Value => 3; }

internal readonly struct N4 : INumber { public static int Value => 4; }

internal readonly struct N5 : INumber { public static int Value => 5; }

internal readonly struct N6 : INumber { public static int Value => 6; }

/// <summary>What a tile multiplies. Strides are counted in floats.</summary>
internal unsafe struct TileArguments
{
    /// <summary>The left operand: element (row, k) stands at A + row * ARow + k * AStep, in segments of Segment steps.</summary>
    public float* A;
    public nint ARow, AStep;

    /// <summary>K = Segments * Segment steps; the next segment of A begins ASegment floats further.</summary>
    public nint Segment, Segments, ASegment;

    /// <summary>The right operand: row k of the tile's columns stands at B + k * BStep.</summary>
    public float* B;
    public nint BStep;

    /// <summary>For each of the tile's rows, the values that the sums begin with.</summary>
    public float** Start;

    public float* C;
    public nint CRow;
}

/// <summary>
/// The innermost block of every matrix product: up to six rows by four registers of sums that stay in registers over the whole of
/// K. Each sum is taken in the order of k, whatever the tile's shape, so a row gives the same bits in any batch.
/// </summary>
internal static unsafe class Tile<V, TRows, TColumns>
    where V : struct, IVector<V>
    where TRows : struct, INumber
    where TColumns : struct, INumber
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ref TileArguments t)
    {
        Row r0 = Row.Load(t.Start[0]), r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        if (TRows.Value > 1) r1 = Row.Load(t.Start[1]);
        if (TRows.Value > 2) r2 = Row.Load(t.Start[2]);
        if (TRows.Value > 3) r3 = Row.Load(t.Start[3]);
        if (TRows.Value > 4) r4 = Row.Load(t.Start[4]);
        if (TRows.Value > 5) r5 = Row.Load(t.Start[5]);

        float* b = t.B;
        nint aStep = t.AStep, bStep = t.BStep, segment = t.Segment;
        for (nint s = 0; s < t.Segments; s++)
        {
            float* a0 = t.A + s * t.ASegment, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
            if (TRows.Value > 1) a1 = a0 + t.ARow;
            if (TRows.Value > 2) a2 = a1 + t.ARow;
            if (TRows.Value > 3) a3 = a2 + t.ARow;
            if (TRows.Value > 4) a4 = a3 + t.ARow;
            if (TRows.Value > 5) a5 = a4 + t.ARow;
            nint at = 0;
            for (nint k = segment; k > 0; k--)
            {
                Row columns = Row.Load(b);
                r0.Add(a0[at], columns);
                if (TRows.Value > 1) r1.Add(a1[at], columns);
                if (TRows.Value > 2) r2.Add(a2[at], columns);
                if (TRows.Value > 3) r3.Add(a3[at], columns);
                if (TRows.Value > 4) r4.Add(a4[at], columns);
                if (TRows.Value > 5) r5.Add(a5[at], columns);
                at += aStep;
                b += bStep;
            }
        }

        float* c = t.C;
        r0.Store(c);
        if (TRows.Value > 1) r1.Store(c += t.CRow);
        if (TRows.Value > 2) r2.Store(c += t.CRow);
        if (TRows.Value > 3) r3.Store(c += t.CRow);
        if (TRows.Value > 4) r4.Store(c += t.CRow);
        if (TRows.Value > 5) r5.Store(c += t.CRow);
    }

    /// <summary>One row of the tile; the JIT keeps its fields in registers.</summary>
    private struct Row
    {
        private V _0, _1, _2, _3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Row Load(float* source)
        {
            Row row = default;
            row._0 = V.Load(source);
            if (TColumns.Value > 1) row._1 = V.Load(source + V.Count);
            if (TColumns.Value > 2) row._2 = V.Load(source + 2 * V.Count);
            if (TColumns.Value > 3) row._3 = V.Load(source + 3 * V.Count);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(float a, in Row b)
        {
            V factor = V.Create(a);
            _0 = V.MultiplyAdd(factor, b._0, _0);
            if (TColumns.Value > 1) _1 = V.MultiplyAdd(factor, b._1, _1);
            if (TColumns.Value > 2) _2 = V.MultiplyAdd(factor, b._2, _2);
            if (TColumns.Value > 3) _3 = V.MultiplyAdd(factor, b._3, _3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(float* destination)
        {
            V.Store(_0, destination);
            if (TColumns.Value > 1) V.Store(_1, destination + V.Count);
            if (TColumns.Value > 2) V.Store(_2, destination + 2 * V.Count);
            if (TColumns.Value > 3) V.Store(_3, destination + 3 * V.Count);
        }
    }
}
