using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>What a tile of bytes multiplies.</summary>
internal unsafe struct ByteTileArguments
{
    /// <summary>The left operand: four bytes of a row for each of the Quads steps; rows are ARow bytes apart.</summary>
    public byte* A;
    public nint ARow, Quads;

    /// <summary>Of each row (<see cref="ByteRows"/>).</summary>
    public float* RowScales;

    /// <summary>The right operand: four bytes of each of the tile's columns; from one step to the next are BStep bytes.</summary>
    public sbyte* B;
    public nint BStep;

    /// <summary>Of each column (<see cref="BytePanels"/>).</summary>
    public float* ColumnScales;
    public int* Sums;

    /// <summary>For each of the tile's rows, what is added to its products.</summary>
    public float** Start;
    public float* C;
    public nint CRow;
}

/// <summary>
/// The innermost block of a product of bytes: up to four rows by four registers of sums, which stay in registers over the whole
/// of K. The sums are whole numbers: they are the same in any order, tile and register.
/// </summary>
internal static unsafe class ByteTile<S, TRows, TColumns>
    where S : struct, IByteSums<S>
    where TRows : struct, INumber
    where TColumns : struct, INumber
{
    [MethodImpl(Simd.Kernel)]
    public static void Run(in ByteTileArguments t)
    {
        ByteStrip<S, TColumns> r0 = ByteStrip<S, TColumns>.Load(t.Sums), r1 = r0, r2 = r0, r3 = r0;
        byte* a0 = t.A, a1 = a0 + t.ARow, a2 = a1 + t.ARow, a3 = a2 + t.ARow;
        sbyte* b = t.B;
        nint step = t.BStep, end = 4 * t.Quads;
        for (nint k = 0; k < end; k += 4)
        {
            ByteStrip<S, TColumns> weights = ByteStrip<S, TColumns>.Load(b);
            r0.Add(weights, S.Repeat(a0 + k));
            if (TRows.Value > 1) r1.Add(weights, S.Repeat(a1 + k));
            if (TRows.Value > 2) r2.Add(weights, S.Repeat(a2 + k));
            if (TRows.Value > 3) r3.Add(weights, S.Repeat(a3 + k));
            b += step;
        }
        r0.Store(t, 0);
        if (TRows.Value > 1) r1.Store(t, 1);
        if (TRows.Value > 2) r2.Store(t, 2);
        if (TRows.Value > 3) r3.Store(t, 3);
    }
}

/// <summary>A single row by up to eight registers of sums, each weight going straight into its product.</summary>
internal static unsafe class ByteRowTile<S, TColumns>
    where S : struct, IByteSums<S>
    where TColumns : struct, INumber
{
    [MethodImpl(Simd.Kernel)]
    public static void Run(in ByteTileArguments t)
    {
        ByteStrip<S, TColumns> sums = ByteStrip<S, TColumns>.Load(t.Sums);
        byte* a = t.A, end = a + 4 * t.Quads;
        sbyte* b = t.B;
        nint step = t.BStep;
        for (; a < end; a += 4)
        {
            sums.Add(b, S.Repeat(a));
            b += step;
        }
        sums.Store(t, 0);
    }
}
