using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

[Collection(EveryWidth.Name)]
public unsafe class RowsTests
{
    public static TheoryData<int> Widths => EveryWidth.Widths;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    public void Rows_are_padded_to_whole_cache_lines(int count, int padded) => Assert.Equal(padded, Rows.Padded(count));

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rows_are_added_one_after_the_other(int width) => EveryWidth.At(width, () =>
    {
        const int Count = 48, Stride = 64;
        for (int rows = 0; rows <= 7; rows++)
        {
            var random = new Random(rows);
            var source = new FloatBuffer(Math.Max(1, rows * Stride));
            var destination = new FloatBuffer(Count + 16);
            foreach (ref float value in source.Span)
                value = random.NextSingle();
            destination.Span.Fill(3);
            Rows.AddAll(source.Data, Stride, rows, destination.Data, Count);
            for (int i = 0; i < Count; i++)
            {
                float expected = 3;
                for (int row = 0; row < rows; row++)
                    expected += source.Data[row * Stride + i];
                Assert.Equal(expected, destination.Data[i]); // the same order gives the same bits
            }
            Assert.All(destination.Span[Count..].ToArray(), value => Assert.Equal(3, value));
        }
    });
}
