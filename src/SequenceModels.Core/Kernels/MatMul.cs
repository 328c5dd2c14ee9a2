using System.Runtime.CompilerServices;

namespace SequenceModels.Kernels;

/// <summary>The left operand of a product: element (row, k) of [M, K] stands at Data + row * Row + k * Step.</summary>
/// <param name="Data">First element.</param>
/// <param name="Row">Floats from one row to the next.</param>
/// <param name="Step">Floats from one k to the next.</param>
/// <param name="Segment">Steps that stand at equal distance; K is a multiple. 0: all of K.</param>
/// <param name="SegmentStride">Floats from one segment to the next.</param>
internal readonly unsafe record struct Operand(nint Data, nint Row, nint Step = 1, int Segment = 0, nint SegmentStride = 0)
{
    /// <summary>A matrix [M, K] stored row after row, each of <paramref name="stride"/> floats.</summary>
    public static Operand Rows(float* data, nint stride) => new((nint)data, stride);

    /// <summary>The transpose [M, K] of a matrix [K, M] stored row after row, each of <paramref name="stride"/> floats.</summary>
    public static Operand Columns(float* data, nint stride) => new((nint)data, 1, stride);

    /// <summary>
    /// A matrix [M, K] stored in panels of <paramref name="width"/> columns, each [M, width] in rows of <paramref name="stride"/>
    /// floats.
    /// </summary>
    public static Operand Panels(float* data, int width, nint stride, nint panelStride) =>
        new((nint)data, stride, 1, width, panelStride);
}

/// <summary>
/// The values a product's sums begin with: those of row r stand at Data + r * Row, or, where an index is given, at
/// Data + Index[r] * Row. Row 0: the same for all.
/// </summary>
internal readonly unsafe record struct Start(nint Data, nint Row, nint Index = 0)
{
    /// <summary>Every row begins with the same values: a bias.</summary>
    public static Start Same(float* data) => new((nint)data, 0);

    /// <summary>Row r begins with what stands at <paramref name="data"/> + r * <paramref name="stride"/>.</summary>
    public static Start Rows(float* data, nint stride) => new((nint)data, stride);

    /// <summary>
    /// Row r begins with row <paramref name="index"/>[r] of a table of rows of <paramref name="stride"/> floats.
    /// </summary>
    public static Start Gathered(float* table, nint stride, int* index) => new((nint)table, stride, (nint)index);

    public float* this[int row] => (float*)Data + (Index == 0 ? row : ((int*)Index)[row]) * Row;
}

/// <summary>C = start + A * B for a panel of at most 64 columns.</summary>
internal static unsafe class MatMul
{
    /// <summary>Columns in a panel of a plain matrix; a panel never has more.</summary>
    public const int PanelWidth = 64;

    /// <summary>Rows that a register tile holds.</summary>
    private const int TileRows = 6;

    /// <summary>
    /// K from which a tile narrower than its panel asks for rows of B before it needs them. It reads one line of memory in every
    /// row, and where these come from the second-level cache, asking ahead makes products of few rows up to three tenths faster.
    /// </summary>
    private const int AheadInner = 192;

    /// <param name="rows">M.</param>
    /// <param name="inner">K.</param>
    /// <param name="a">[M, K].</param>
    /// <param name="b">[K, width] at <paramref name="bRow"/> floats a row.</param>
    /// <param name="bRow">Floats from one row of B to the next.</param>
    /// <param name="width">Columns of the panel, a multiple of 16, at most 64.</param>
    /// <param name="start">[M, width] or one row of it.</param>
    /// <param name="c">[M, width] at <paramref name="cRow"/> floats a row; may be where <paramref name="start"/> is.</param>
    /// <param name="cRow">Floats from one row of C to the next.</param>
    public static void Panel(int rows, int inner, Operand a, float* b, nint bRow, int width, Start start,
        float* c, nint cRow)
    {
        if (Simd.Width == 512)
            Panel<V512>(rows, inner, a, b, bRow, width, start, c, cRow);
        else if (Simd.Width == 256)
            Panel<V256>(rows, inner, a, b, bRow, width, start, c, cRow);
        else
            Panel<V128>(rows, inner, a, b, bRow, width, start, c, cRow);
    }

    [SkipLocalsInit]
    private static void Panel<V>(int rows, int inner, Operand a, float* b, nint bRow, int width, Start start,
        float* c, nint cRow)
        where V : struct, IVector<V>
    {
        float** starts = stackalloc float*[TileRows];
        TileArguments t = new()
        {
            ARow = a.Row,
            AStep = a.Step,
            ASegment = a.SegmentStride,
            Segment = a.Segment == 0 ? inner : a.Segment,
            Segments = a.Segment == 0 ? 1 : inner / a.Segment,
            BStep = bRow,
            Start = starts,
            CRow = cRow,
        };
        int tileWidth = V.TileColumns * V.Count;
        bool ahead = inner >= AheadInner && tileWidth <= Rows.Line && tileWidth < width;
        for (int column = 0; column < width; column += tileWidth)
        {
            int vectors = Math.Min(V.TileColumns, (width - column) / V.Count);
            t.B = b + column;
            // Rows are dealt out evenly (25 = 5 x 5): a last tile of one row would leave the arithmetic units idle.
            int tiles = (rows + TileRows - 1) / TileRows;
            for (int row = 0; tiles > 0; tiles--)
            {
                int count = (rows - row + tiles - 1) / tiles;
                for (int i = 0; i < count; i++)
                    starts[i] = start[row + i] + column;
                t.A = (float*)a.Data + row * a.Row;
                t.C = c + row * cRow + column;
                if (ahead)
                    RunTile<V, N8>(count, vectors, ref t);
                else
                    RunTile<V, N0>(count, vectors, ref t);
                row += count;
            }
        }
    }

    private static void RunTile<V, TAhead>(int rows, int vectors, ref TileArguments t)
        where V : struct, IVector<V>
        where TAhead : struct, INumber
    {
        if (vectors == 4)
            RunTile<V, N4, TAhead>(rows, ref t);
        else if (vectors == 3)
            RunTile<V, N3, TAhead>(rows, ref t);
        else if (vectors == 2)
            RunTile<V, N2, TAhead>(rows, ref t);
        else
            RunTile<V, N1, TAhead>(rows, ref t);
    }

    private static void RunTile<V, TColumns, TAhead>(int rows, ref TileArguments t)
        where V : struct, IVector<V>
        where TColumns : struct, INumber
        where TAhead : struct, INumber
    {
        switch (rows)
        {
            case 1: Tile<V, N1, TColumns, TAhead>.Run(ref t); break;
            case 2: Tile<V, N2, TColumns, TAhead>.Run(ref t); break;
            case 3: Tile<V, N3, TColumns, TAhead>.Run(ref t); break;
            case 4: Tile<V, N4, TColumns, TAhead>.Run(ref t); break;
            case 5: Tile<V, N5, TColumns, TAhead>.Run(ref t); break;
            default: Tile<V, N6, TColumns, TAhead>.Run(ref t); break;
        }
    }
}
