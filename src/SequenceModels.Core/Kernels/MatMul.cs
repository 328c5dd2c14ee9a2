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

    /// <summary>A matrix [M, K] stored in panels of <paramref name="width"/> columns, each [M, width].</summary>
    public static Operand Panels(float* data, int width, nint panelStride) => new((nint)data, width, 1, width, panelStride);
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

    /// <summary>Panels that <see cref="RowOfPanels"/> takes at once.</summary>
    public const int RowPanels = 4;

    /// <summary>
    /// C = start + a * B for one row a and four panels of the same width; the same bits as <see cref="Panel"/> gives.
    /// </summary>
    /// <param name="inner">K.</param>
    /// <param name="a">[K].</param>
    /// <param name="b">[4][K, width]: panels that follow each other.</param>
    /// <param name="width">Columns of each panel, a multiple of 16, at most 64.</param>
    /// <param name="start">[4][width] what the sums begin with, <paramref name="startPanel"/> floats apart.</param>
    /// <param name="startPanel">Floats from one to the next.</param>
    /// <param name="c">[4][width], <paramref name="cPanel"/> floats apart; may be where <paramref name="start"/> is.</param>
    /// <param name="cPanel">Floats from one to the next.</param>
    public static void RowOfPanels(int inner, float* a, float* b, int width, float* start, nint startPanel, float* c,
        nint cPanel) =>
        Simd.Run<RowKernel, (int Width, RowTileArguments Tile)>((width, new RowTileArguments
        {
            A = a,
            Inner = inner,
            B = b,
            BStep = width,
            BPanel = (nint)inner * width,
            Start = start,
            StartPanel = startPanel,
            C = c,
            CPanel = cPanel,
        }));

    private readonly struct RowKernel : IKernel<(int Width, RowTileArguments Tile)>
    {
        public static void Run<V>(in (int Width, RowTileArguments Tile) arguments) where V : struct, IVector<V>
        {
            RowTileArguments t = arguments.Tile;
            for (int column = 0, vectors; column < arguments.Width; column += vectors * V.Count)
            {
                vectors = Math.Min(V.TileColumns, (arguments.Width - column) / V.Count);
                t.B = arguments.Tile.B + column;
                t.Start = arguments.Tile.Start + column;
                t.C = arguments.Tile.C + column;
                if (vectors == 4)
                    RowTile<V, N4>.Run(t);
                else if (vectors == 3)
                    RowTile<V, N3>.Run(t);
                else if (vectors == 2)
                    RowTile<V, N2>.Run(t);
                else
                    RowTile<V, N1>.Run(t);
            }
        }
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
                RunTile<V>(count, vectors, ref t);
                row += count;
            }
        }
    }

    private static void RunTile<V>(int rows, int vectors, ref TileArguments t) where V : struct, IVector<V>
    {
        if (vectors == 4)
            RunTile<V, N4>(rows, ref t);
        else if (vectors == 3)
            RunTile<V, N3>(rows, ref t);
        else if (vectors == 2)
            RunTile<V, N2>(rows, ref t);
        else
            RunTile<V, N1>(rows, ref t);
    }

    private static void RunTile<V, TColumns>(int rows, ref TileArguments t)
        where V : struct, IVector<V>
        where TColumns : struct, INumber
    {
        switch (rows)
        {
            case 1: Tile<V, N1, TColumns>.Run(ref t); break;
            case 2: Tile<V, N2, TColumns>.Run(ref t); break;
            case 3: Tile<V, N3, TColumns>.Run(ref t); break;
            case 4: Tile<V, N4, TColumns>.Run(ref t); break;
            case 5: Tile<V, N5, TColumns>.Run(ref t); break;
            default: Tile<V, N6, TColumns>.Run(ref t); break;
        }
    }
}
