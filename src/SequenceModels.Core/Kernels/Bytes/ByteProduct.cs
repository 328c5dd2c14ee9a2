using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>What a product of bytes can be taken with.</summary>
internal enum ByteInstructions
{
    /// <summary>128 bits; on any machine.</summary>
    Portable,
    Avx2,
    Avx512,
    AvxVnni,

    /// <summary>AVX-VNNI-INT8 at 512 bits.</summary>
    AvxVnniInt8,
}

/// <summary>C = start + A * B for rows and panels of bytes.</summary>
internal static unsafe class ByteProduct
{
    private const int MostTileRows = 4;

    /// <summary>What this machine has, the fastest first.</summary>
    public static IReadOnlyList<ByteInstructions> Available { get; } = [.. AllAvailable()];

    /// <summary>What is in use: the fastest, unless a test asks for another. No number depends on it.</summary>
    public static ByteInstructions Instructions { get; set; } = Available[0];

    /// <summary>One panel of columns.</summary>
    /// <param name="rows">M.</param>
    /// <param name="a">[M, K].</param>
    /// <param name="b">[K, N].</param>
    /// <param name="panel">Of B.</param>
    /// <param name="start">[M, width] or one row of it.</param>
    /// <param name="c">[M, width] at <paramref name="cRow"/> floats a row; may be where <paramref name="start"/> is.</param>
    /// <param name="cRow">Floats from one row of C to the next.</param>
    public static void Panel(int rows, in ByteRows a, BytePanels b, int panel, Start start, float* c, nint cRow)
    {
        switch (Instructions)
        {
            case ByteInstructions.AvxVnniInt8: Panel<ByteSumsVnni512>(rows, a, b, panel, start, c, cRow); break;
            case ByteInstructions.AvxVnni: Panel<ByteSumsVnni256>(rows, a, b, panel, start, c, cRow); break;
            case ByteInstructions.Avx512: Panel<ByteSums512>(rows, a, b, panel, start, c, cRow); break;
            case ByteInstructions.Avx2: Panel<ByteSums256>(rows, a, b, panel, start, c, cRow); break;
            default: Panel<ByteSums128>(rows, a, b, panel, start, c, cRow); break;
        }
    }

    [SkipLocalsInit]
    private static void Panel<S>(int rows, in ByteRows a, BytePanels b, int panel, Start start, float* c, nint cRow)
        where S : struct, IByteSums<S>
    {
        int width = b.WidthOf(panel), columns = rows == 1 ? S.RowColumns : S.TileColumns;
        float** starts = stackalloc float*[MostTileRows];
        ByteTileArguments t = new() { ARow = a.Stride, Quads = b.Quads, BStep = 4 * width, Start = starts, CRow = cRow };
        for (int column = 0, registers; column < width; column += registers * S.Count)
        {
            // Eight or at most four.
            registers = Math.Min(columns, (width - column) / S.Count);
            registers = registers < 8 ? Math.Min(registers, 4) : 8;
            t.B = b.Panel(panel) + 4 * column;
            t.ColumnScales = b.ScalesOf(panel) + column;
            t.Sums = b.SumsOf(panel) + column;
            int tiles = (rows + S.TileRows - 1) / S.TileRows;
            for (int row = 0; tiles > 0; tiles--)
            {
                int count = (rows - row + tiles - 1) / tiles;
                for (int i = 0; i < count; i++)
                    starts[i] = start[row + i] + column;
                t.A = a.Numbers + row * a.Stride;
                t.RowScales = a.Scales + row;
                t.C = c + row * cRow + column;
                RunTile<S>(count, registers, t);
                row += count;
            }
        }
    }

    private static void RunTile<S>(int rows, int registers, in ByteTileArguments t) where S : struct, IByteSums<S>
    {
        switch (registers)
        {
            case 1: RunTile<S, N1>(rows, t); break;
            case 2: RunTile<S, N2>(rows, t); break;
            case 3: RunTile<S, N3>(rows, t); break;
            case 4: RunTile<S, N4>(rows, t); break;
            default: ByteRowTile<S, N8>.Run(t); break;
        }
    }

    private static void RunTile<S, TColumns>(int rows, in ByteTileArguments t)
        where S : struct, IByteSums<S>
        where TColumns : struct, INumber
    {
        switch (rows)
        {
            case 1: ByteRowTile<S, TColumns>.Run(t); break;
            case 2: ByteTile<S, N2, TColumns>.Run(t); break;
            case 3: ByteTile<S, N3, TColumns>.Run(t); break;
            default: ByteTile<S, N4, TColumns>.Run(t); break;
        }
    }

    private static IEnumerable<ByteInstructions> AllAvailable()
    {
        if (ByteSumsVnni512.IsSupported)
            yield return ByteInstructions.AvxVnniInt8;
        if (ByteSumsVnni256.IsSupported)
            yield return ByteInstructions.AvxVnni;
        if (ByteSums512.IsSupported)
            yield return ByteInstructions.Avx512;
        if (ByteSums256.IsSupported)
            yield return ByteInstructions.Avx2;
        yield return ByteInstructions.Portable;
    }
}
