using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>What a tile of bytes multiplies.</summary>
internal unsafe struct ByteTileArguments
{
    /// <summary>The left operand: four bytes of a row for each of the Quads steps; rows are ARow bytes apart.</summary>
    public sbyte* A;
    public nint ARow, Quads;

    /// <summary>Of each row, what its sums begin with and what they are multiplied with (<see cref="ByteRows"/>).</summary>
    public int* Sums;
    public float* RowScales;

    /// <summary>The right operand: four bytes of each of the tile's columns; from one step to the next are BStep bytes.</summary>
    public byte* B;
    public nint BStep;
    public float* ColumnScales;

    /// <summary>For each of the tile's rows, what is added to its products.</summary>
    public float** Start;
    public float* C;
    public nint CRow;
}

/// <summary>
/// The innermost block of a product of bytes: up to four rows by four registers of sums, which stay in registers over the whole
/// of K. The sums are whole numbers: they are the same in any order, tile and register.
/// </summary>
internal static unsafe class ByteTile<S, TBytes, TRows, TColumns>
    where S : struct, IByteSums<S, TBytes>
    where TBytes : struct
    where TRows : struct, INumber
    where TColumns : struct, INumber
{
    [MethodImpl(Simd.Kernel)]
    public static void Run(in ByteTileArguments t)
    {
        ByteStrip<S, TBytes, TColumns> r0 = ByteStrip<S, TBytes, TColumns>.Create(t.Sums[0]), r1 = default, r2 = default,
            r3 = default;
        if (TRows.Value > 1) r1 = ByteStrip<S, TBytes, TColumns>.Create(t.Sums[1]);
        if (TRows.Value > 2) r2 = ByteStrip<S, TBytes, TColumns>.Create(t.Sums[2]);
        if (TRows.Value > 3) r3 = ByteStrip<S, TBytes, TColumns>.Create(t.Sums[3]);
        sbyte* a0 = t.A, a1 = a0 + t.ARow, a2 = a1 + t.ARow, a3 = a2 + t.ARow, end = a0 + 4 * t.Quads;
        byte* b = t.B;
        nint step = t.BStep;
        for (; a0 < end; a0 += 4)
        {
            WeightStrip<S, TBytes, TColumns> weights = WeightStrip<S, TBytes, TColumns>.Load(b);
            r0.Add(weights, S.LoadNumbers(a0));
            if (TRows.Value > 1)
            {
                r1.Add(weights, S.LoadNumbers(a1));
                a1 += 4;
            }
            if (TRows.Value > 2)
            {
                r2.Add(weights, S.LoadNumbers(a2));
                a2 += 4;
            }
            if (TRows.Value > 3)
            {
                r3.Add(weights, S.LoadNumbers(a3));
                a3 += 4;
            }
            b += step;
        }
        r0.Store(t, 0);
        if (TRows.Value > 1) r1.Store(t, 1);
        if (TRows.Value > 2) r2.Store(t, 2);
        if (TRows.Value > 3) r3.Store(t, 3);
    }
}
