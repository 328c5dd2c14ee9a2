using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>A number known when the kernel is compiled, so that loops over it vanish.</summary>
internal interface INumber
{
    static abstract int Value { get; }
}

internal readonly struct N0 : INumber { public static int Value => 0; }

internal readonly struct N1 : INumber { public static int Value => 1; }

internal readonly struct N2 : INumber { public static int Value => 2; }

internal readonly struct N3 : INumber { public static int Value => 3; }

internal readonly struct N4 : INumber { public static int Value => 4; }

internal readonly struct N5 : INumber { public static int Value => 5; }

internal readonly struct N6 : INumber { public static int Value => 6; }

internal readonly struct N8 : INumber { public static int Value => 8; }

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
/// <typeparam name="V">The registers.</typeparam>
/// <typeparam name="TRows">Rows.</typeparam>
/// <typeparam name="TColumns">Registers of a row.</typeparam>
/// <typeparam name="TAhead">How many rows of B ahead of those in use are asked for from the next cache; 0: none.</typeparam>
internal static unsafe class Tile<V, TRows, TColumns, TAhead>
    where V : struct, IVector<V>
    where TRows : struct, INumber
    where TColumns : struct, INumber
    where TAhead : struct, INumber
{
    [MethodImpl(Simd.Kernel)]
    public static void Run(ref TileArguments t)
    {
        Strip<V, TColumns> r0 = Strip<V, TColumns>.Load(t.Start[0]), r1 = default, r2 = default, r3 = default, r4 = default,
            r5 = default;
        if (TRows.Value > 1) r1 = Strip<V, TColumns>.Load(t.Start[1]);
        if (TRows.Value > 2) r2 = Strip<V, TColumns>.Load(t.Start[2]);
        if (TRows.Value > 3) r3 = Strip<V, TColumns>.Load(t.Start[3]);
        if (TRows.Value > 4) r4 = Strip<V, TColumns>.Load(t.Start[4]);
        if (TRows.Value > 5) r5 = Strip<V, TColumns>.Load(t.Start[5]);

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
                if (TAhead.Value > 0 && Sse.IsSupported) Sse.Prefetch0(b + TAhead.Value * bStep);
                Strip<V, TColumns> columns = Strip<V, TColumns>.Load(b);
                r0.Add(V.Create(a0[at]), columns);
                if (TRows.Value > 1) r1.Add(V.Create(a1[at]), columns);
                if (TRows.Value > 2) r2.Add(V.Create(a2[at]), columns);
                if (TRows.Value > 3) r3.Add(V.Create(a3[at]), columns);
                if (TRows.Value > 4) r4.Add(V.Create(a4[at]), columns);
                if (TRows.Value > 5) r5.Add(V.Create(a5[at]), columns);
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
}
