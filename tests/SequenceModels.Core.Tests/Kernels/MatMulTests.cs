using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

/// <summary>
/// The matrix product against a triple loop in double, at every vector width, for every shape of the left operand.
/// </summary>
[Collection(EveryWidth.Name)]
public unsafe class MatMulTests
{
    private const int Most = 33; // past the tile's six rows, past two registers, one beyond a power of two

    public static TheoryData<int> Widths => EveryWidth.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_panel_is_the_product_for_every_small_size(int width) => EveryWidth.At(width, () =>
    {
        for (int rows = 0; rows <= Most; rows++)
            for (int inner = 0; inner <= Most; inner++)
                for (int columns = 16; columns <= MatMul.PanelWidth; columns += 16)
                    Check(rows, inner, columns, strideOfA: inner + 3, strideOfC: columns + 5, Shape.Rows);
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_transposed_left_side_gives_the_same(int width) => EveryWidth.At(width, () =>
    {
        for (int rows = 0; rows <= Most; rows += 3)
            for (int inner = 0; inner <= Most; inner++)
                for (int columns = 16; columns <= MatMul.PanelWidth; columns += 16)
                    Check(rows, inner, columns, strideOfA: rows + 7, strideOfC: columns, Shape.Columns);
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_left_side_in_panels_gives_the_same(int width) => EveryWidth.At(width, () =>
    {
        for (int rows = 1; rows <= Most; rows++)
            foreach (int inner in (int[])[16, 32, 48, 96])
                Check(rows, inner, columns: 48, strideOfA: 16, strideOfC: 49, Shape.Panels);
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_bias_starts_every_row(int width) => EveryWidth.At(width, () =>
    {
        for (int rows = 1; rows <= Most; rows++)
            Check(rows, inner: 5, columns: 32, strideOfA: 5, strideOfC: 32, Shape.Rows, sameStart: true);
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_row_has_the_same_bits_in_any_company(int width) => EveryWidth.At(width, () =>
    {
        const int Inner = 29, Columns = 64;
        FloatBuffer a = Random(Most * Inner, 1), b = Random(Inner * Columns, 2), together = new(Most * Columns),
            alone = new(Columns);
        FloatBuffer start = Random(Columns, 3);
        for (int rows = 1; rows <= Most; rows++)
        {
            MatMul.Panel(rows, Inner, Operand.Rows(a.Data, Inner), b.Data, Columns, Columns, Start.Same(start.Data),
                together.Data, Columns);
            for (int row = 0; row < rows; row++)
            {
                MatMul.Panel(1, Inner, Operand.Rows(a.Data + row * Inner, Inner), b.Data, Columns, Columns,
                    Start.Same(start.Data), alone.Data, Columns);
                Assert.True(alone.Span.SequenceEqual(together.Span.Slice(row * Columns, Columns)), $"row {row} of {rows}");
            }
        }
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_single_row_has_the_same_bits_by_panels_together(int width) => EveryWidth.At(width, () =>
    {
        foreach (int columns in (int[])[16, 32, 48, 64])
            foreach (int panels in (int[])[0, 1, 3, 4, 6, 9])
                foreach (int inner in (int[])[1, 2, 17, Most, 127, 128, 131])
                {
                    FloatBuffer a = Random(inner, 1), b = Random(panels * inner * columns, 2), start = Random(panels * 70, 3);
                    FloatBuffer together = new(panels * 80), alone = new(panels * 80);
                    RowOfPanels.Multiply(panels, inner, a.Data, b.Data, columns, start.Data, 70, together.Data, 80);
                    for (int p = 0; p < panels; p++)
                        MatMul.Panel(1, inner, Operand.Rows(a.Data, inner), b.Data + p * inner * columns, columns, columns,
                            Start.Same(start.Data + p * 70), alone.Data + p * 80, columns);
                    Assert.Equal(alone.Span.ToArray(), together.Span.ToArray());
                    Assert.All(Enumerable.Range(0, panels), p => Assert.NotEqual(0, together.Span[p * 80 + columns - 1]));
                }
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void Long_sums_are_those_of_their_pieces(int width) => EveryWidth.At(width, () =>
    {
        // Tiles that ask for rows of B ahead take over where K is large; begun with the sums of the first rows, short ones go on.
        const int Piece = 30;
        foreach (int columns in (int[])[16, 48, 64])
            foreach (int inner in (int[])[191, 192, 250])
                for (int rows = 1; rows <= 13; rows++)
                {
                    FloatBuffer a = Random(rows * inner, 1), b = Random(inner * columns, 2), whole = Random(rows * columns, 3),
                        pieces = Random(rows * columns, 3);
                    Start start = Start.Rows(whole.Data, columns), next = Start.Rows(pieces.Data, columns);
                    MatMul.Panel(rows, inner, Operand.Rows(a.Data, inner), b.Data, columns, columns, start, whole.Data, columns);
                    for (int k = 0; k < inner; k += Piece)
                        MatMul.Panel(rows, Math.Min(Piece, inner - k), Operand.Rows(a.Data + k, inner), b.Data + k * columns,
                            columns, columns, next, pieces.Data, columns);
                    Assert.Equal(pieces.Span.ToArray(), whole.Span.ToArray());
                }
    });

    private enum Shape { Rows, Columns, Panels }

    private static void Check(int rows, int inner, int columns, int strideOfA, int strideOfC, Shape shape, bool sameStart = false)
    {
        const float Untouched = 12345;
        FloatBuffer a = Random(Math.Max(rows, 1) * Math.Max(inner, 1) + Math.Max(rows, inner) * strideOfA, 10 + rows);
        int strideOfB = columns + rows % 4;
        FloatBuffer b = Random(inner * strideOfB, 20 + inner);
        FloatBuffer start = Random(rows * columns + columns, 30 + columns);
        var c = new FloatBuffer(rows * strideOfC + 16);
        c.Span.Fill(Untouched);

        Operand left = shape switch
        {
            Shape.Rows => Operand.Rows(a.Data, strideOfA),
            Shape.Columns => Operand.Columns(a.Data, strideOfA),
            _ => Operand.Panels(a.Data, strideOfA, strideOfA, rows * strideOfA),
        };
        float Left(int row, int k) => shape switch
        {
            Shape.Rows => a.Data[row * strideOfA + k],
            Shape.Columns => a.Data[k * strideOfA + row],
            _ => a.Data[k / strideOfA * rows * strideOfA + row * strideOfA + k % strideOfA],
        };
        MatMul.Panel(rows, inner, left, b.Data, strideOfB, columns, sameStart ? Start.Same(start.Data)
            : Start.Rows(start.Data, columns), c.Data, strideOfC);

        for (int row = 0; row < rows; row++)
            for (int column = 0; column < strideOfC; column++)
            {
                double expected = column < columns ? start.Data[sameStart ? column : row * columns + column] : Untouched;
                for (int k = 0; column < columns && k < inner; k++)
                    expected += (double)Left(row, k) * b.Data[k * strideOfB + column];
                if (Math.Abs(expected - c.Data[row * strideOfC + column]) > 1e-6 * (inner + 1))
                    Assert.Fail($"[{rows}, {inner}] x [{inner}, {columns}], {shape}, element ({row}, {column}): " +
                        $"{c.Data[row * strideOfC + column]}, not {expected}");
            }
        Assert.All(c.Span[(rows * strideOfC)..].ToArray(), value => Assert.Equal(Untouched, value));
    }

    private static FloatBuffer Random(int length, int seed)
    {
        var random = new Random(seed);
        var buffer = new FloatBuffer(length);
        foreach (ref float value in buffer.Span)
            value = 2 * random.NextSingle() - 1;
        return buffer;
    }
}
