using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

/// <summary>
/// The product of bytes with every instruction of the machine, the portable ones included: the same bits as a loop over whole
/// numbers, for every shape and the most extreme numbers.
/// </summary>
[Collection(EveryWidth.Name)]
public unsafe class ByteProductTests
{
    public static TheoryData<string> Instructions =>
        [.. ByteProduct.Available.Select(instructions => instructions.ToString())];

    [Theory]
    [MemberData(nameof(Instructions))]
    public void A_panel_is_the_sum_of_whole_numbers_for_every_small_size(string instructions) => With(instructions, () =>
    {
        for (int rows = 1; rows <= 9; rows++)
            foreach (int inner in (int[])[1, 2, 3, 4, 5, 15, 16, 17, 31, 33])
                for (int columns = 16; columns <= MatMul.PanelWidth; columns += 16)
                    Check(Numbers.Random, rows, inner, columns, sameStart: rows % 2 == 0);
    });

    [Theory]
    [MemberData(nameof(Instructions))]
    public void No_sum_saturates(string instructions) => With(instructions, () =>
    {
        foreach (Numbers numbers in (Numbers[])[Numbers.Largest, Numbers.Smallest, Numbers.Alternating, Numbers.Uneven])
            foreach (int inner in (int[])[1, 2, 64, 2048])
                Check(numbers, rows: 5, inner, columns: 48, sameStart: true);
    });

    [Theory]
    [MemberData(nameof(Instructions))]
    public void Columns_and_rows_of_zeros_add_nothing(string instructions) => With(instructions, () =>
    {
        foreach (Numbers numbers in (Numbers[])[Numbers.ZeroColumns, Numbers.ZeroRows])
            Check(numbers, rows: 4, inner: 20, columns: 32, sameStart: false);
    });

    [Fact]
    public void A_row_is_rounded_to_half_a_scale_of_its_own()
    {
        var random = new Random(1);
        for (int length = 1; length < 70; length++)
        {
            FloatBuffer row = Filled(length, _ => random.NextSingle() * 2 - 1);
            ByteRows rounded = ByteRows.Of(1, length, row.Data, 0);
            int largest = 0;
            for (int i = 0; i < length; i++)
            {
                int number = rounded.Numbers[i] - ByteRows.Offset;
                Assert.Equal(row.Data[i], number * rounded.Scales[0], rounded.Scales[0] * 0.5001);
                largest = Math.Max(largest, Math.Abs(number));
            }
            Assert.Equal(127, largest);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_row_with_a_number_that_is_not_finite_makes_all_of_its_products_NaN_and_no_other_row_s(float number)
    {
        for (int place = 0; place < 21; place++)
        {
            FloatBuffer rows = Filled(3 * 21, i => i == 21 + place ? number : 1), c = Filled(3 * 16, _ => 0), start = new(16);
            BytePanels weights = Weights(21, 16, (k, column) => k - column);
            ByteProduct.Panel(3, ByteRows.Of(3, 21, rows.Data, 21), weights, 0, Start.Same(start.Data), c.Data, 16);
            for (int i = 0; i < 48; i++)
                Assert.Equal(i / 16 == 1, float.IsNaN(c.Data[i]));
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-31f)]
    [InlineData(float.Epsilon)]
    public void A_row_of_numbers_too_small_to_matter_is_zeros(float number)
    {
        FloatBuffer row = Filled(20, i => i % 2 == 0 ? number : -number);
        ByteRows rounded = ByteRows.Of(1, 20, row.Data, 0);
        Assert.Equal(0, rounded.Scales[0]);
        Assert.True(new ReadOnlySpan<byte>(rounded.Numbers, 20).IndexOfAnyExcept((byte)ByteRows.Offset) < 0);
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(float.MaxValue)]
    public void The_smallest_and_largest_rows_that_count_keep_their_numbers(float number)
    {
        FloatBuffer row = Filled(20, i => i % 2 == 0 ? number : -number);
        ByteRows rounded = ByteRows.Of(1, 20, row.Data, 0);
        for (int i = 0; i < 20; i++)
            Assert.Equal(ByteRows.Offset + (i % 2 == 0 ? 127 : -127), rounded.Numbers[i]);
        Assert.True(float.IsFinite(rounded.Scales[0]));
    }

    /// <summary>Compares with a loop over whole numbers, and the three roundings of floats behind it.</summary>
    private static void Check(Numbers numbers, int rows, int inner, int columns, bool sameStart)
    {
        var random = new Random(rows + 7 * inner);
        int weight(int k, int column) => numbers switch
        {
            Numbers.Random => random.Next(-64, 65),
            Numbers.Smallest => -64,
            Numbers.Alternating => (k + column) % 2 == 0 ? 64 : -64,
            Numbers.Uneven => k % 2 == column % 2 ? 127 : column % 4 < 2 ? 1 : -1,
            Numbers.ZeroColumns when column % 3 == 0 => 0,
            _ => 64,
        };
        float[] scales = [.. Enumerable.Range(0, columns).Select(column =>
            numbers == Numbers.ZeroColumns && column % 3 == 0 ? 0 : (column + 1) / 256f)];
        int[,] whole = new int[inner, columns];
        FloatBuffer weights = Filled(inner * columns, i =>
            (whole[i / columns, i % columns] = weight(i / columns, i % columns)) * scales[i % columns]);
        var panels = new BytePanels(inner, columns, MatMul.PanelWidth);
        panels.Fill(0, weights.Data, scales);
        FloatBuffer a = Filled(rows * inner, i => numbers switch
        {
            Numbers.Random => random.NextSingle() - 0.5f,
            Numbers.Smallest => 3,
            Numbers.Alternating => i % 2 == 0 ? 3 : -3,
            Numbers.ZeroRows when i / inner % 2 == 0 => 0,
            _ => 3,
        });
        int stride = columns + 16;
        FloatBuffer start = Filled(rows * columns, _ => random.NextSingle()), c = new(rows * stride);
        ByteRows rounded = ByteRows.Of(rows, inner, a.Data, inner);
        ByteProduct.Panel(rows, rounded, panels, 0,
            sameStart ? Start.Same(start.Data) : Start.Rows(start.Data, columns), c.Data, stride);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                int sum = 0;
                for (int k = 0; k < inner; k++)
                    sum += (rounded.Numbers[row * rounded.Stride + k] - ByteRows.Offset) * whole[k, column];
                float scale = rounded.Scales[row] * scales[column], product = sum * scale;
                Assert.Equal(start.Data[(sameStart ? 0 : row * columns) + column] + product, c.Data[row * stride + column]);
            }
    }

    private static BytePanels Weights(int inner, int columns, Func<int, int, int> weight)
    {
        var panels = new BytePanels(inner, columns, MatMul.PanelWidth);
        FloatBuffer weights = Filled(inner * columns, i => weight(i / columns, i % columns));
        panels.Fill(0, weights.Data, [.. Enumerable.Repeat(1f, columns)]);
        return panels;
    }

    private static FloatBuffer Filled(int length, Func<int, float> value)
    {
        var buffer = new FloatBuffer(length);
        for (int i = 0; i < length; i++)
            buffer.Data[i] = value(i);
        return buffer;
    }

    private static void With(string instructions, Action test) => With(Enum.Parse<ByteInstructions>(instructions), test);

    /// <summary>Runs a test with other instructions than the fastest.</summary>
    internal static void With(ByteInstructions instructions, Action test)
    {
        ByteInstructions before = ByteProduct.Instructions;
        ByteProduct.Instructions = instructions;
        try
        {
            test();
        }
        finally
        {
            ByteProduct.Instructions = before;
        }
    }

    private enum Numbers { Random, Largest, Smallest, Alternating, Uneven, ZeroColumns, ZeroRows }
}
