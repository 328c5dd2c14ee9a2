using SequenceModels.Files;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using Xunit;

namespace SequenceModels.Tests.Parameters;

/// <summary>Weights on a grid of scales, and their place in a file.</summary>
public class EightBitScalesTests
{
    private const int Size = 34; // more than a scale needs, and no multiple of four

    [Theory]
    [InlineData(nameof(ScaleOf.Columns))]
    [InlineData(nameof(ScaleOf.Rows))]
    [InlineData(nameof(ScaleOf.OutputRows))]
    public void A_weight_moves_by_half_a_scale_at_most_and_two_that_are_multiplied_together_stay_within_128(string scale)
    {
        (ParameterSet parameters, Parameter weights) = Create(Enum.Parse<ScaleOf>(scale));
        float[,] before = Values(parameters, weights);
        EightBitScales.Round(parameters);
        float[,] after = Values(parameters, weights);
        bool byColumn = scale == nameof(ScaleOf.Columns);
        for (int group = 0; group < Size; group++)
        {
            float At(float[,] of, int i) => byColumn ? of[i, group] : of[group, i];
            float largest = Enumerable.Range(0, Size / 2).Max(pair => scale == nameof(ScaleOf.Rows)
                ? Math.Max(Math.Abs(At(before, 2 * pair)), Math.Abs(At(before, 2 * pair + 1)))
                : Math.Abs(At(before, 2 * pair)) + Math.Abs(At(before, 2 * pair + 1)));
            // Rounded up to 8 significant bits.
            float step = largest / 127 * (1 + 1f / 128);
            for (int i = 0; i < Size; i++)
                Assert.Equal(At(before, i), At(after, i), step / 2);
            for (int i = 0; i < Size && scale != nameof(ScaleOf.Rows); i += 2)
                Assert.True(Math.Abs(At(after, i)) + Math.Abs(At(after, i + 1)) <= 128 * step);
        }
    }

    [Theory]
    [InlineData(0x3F80, 127, 1, null)] // 1
    [InlineData(0x3F80, 127, 2, "two weights")]
    [InlineData(0x3F80, -64, -65, "two weights")]
    [InlineData(0x3F80, -128, 0, "a weight")]
    [InlineData(0x0000, 1, 0, "a weight")]
    [InlineData(0x0000, 0, 0, null)]
    [InlineData(0x7F80, 1, 0, "a scale")] // infinity
    [InlineData(0x7FC0, 1, 0, "a scale")] // NaN
    [InlineData(0xBF80, 1, 0, "a scale")] // -1
    [InlineData(0x0001, 1, 0, "a scale")] // subnormal
    [InlineData(0x7F00, 127, 1, "a weight")] // 1.7e38
    public void A_file_with_numbers_that_no_weights_have_is_refused(int scale, int first, int second, string? fault)
    {
        (ParameterSet parameters, Parameter weights) = Create(ScaleOf.Columns);
        var content = new byte[Size * sizeof(ushort) + Size * Size];
        for (int column = 0; column < Size; column++)
            BitConverter.TryWriteBytes(content.AsSpan(2 * column), (ushort)scale);
        content[Size * sizeof(ushort) + 3] = (byte)first;
        content[Size * sizeof(ushort) + Size + 3] = (byte)second;
        var reader = new PayloadReader(content, "weights", 1);
        void Read() => new EightBitScales().Read(reader, weights, parameters.Values);
        if (fault is null)
            Read();
        else
            Assert.Contains(fault, Assert.Throws<InvalidDataException>(Read).Message);
    }

    private static (ParameterSet, Parameter) Create(ScaleOf scale)
    {
        var parameters = new ParameterSet();
        int width = scale == ScaleOf.Columns ? MatMul.PanelWidth : Rows.Padded(Size);
        Parameter weights = parameters.Add(new Parameter("W", Size, 1, Size, width) { Scale = scale });
        parameters.LayOut();
        parameters.Allocate();
        var random = new Random(1);
        for (int row = 0; row < Size; row++)
            weights.Write(parameters.Values, row, 0, [.. Enumerable.Range(0, Size).Select(_ => random.NextSingle() - 0.5f)]);
        return (parameters, weights);
    }

    private static float[,] Values(ParameterSet parameters, Parameter weights)
    {
        float[,] values = new float[Size, Size];
        float[] row = new float[Size];
        for (int r = 0; r < Size; r++)
        {
            weights.Read(parameters.Values, r, 0, row);
            for (int column = 0; column < Size; column++)
                values[r, column] = row[column];
        }
        return values;
    }
}
