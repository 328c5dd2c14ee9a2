using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

public unsafe class TranspositionTests
{
    /// <summary>Whole blocks of rows, and those behind them.</summary>
    [Theory]
    [InlineData(1, 16)]
    [InlineData(4, 4)]
    [InlineData(7, 16)]
    [InlineData(10, 32)]
    [InlineData(64, 48)]
    public void Rows_become_columns(int rows, int columns)
    {
        const float Untouched = -1;
        int sourceStride = columns + 3, targetStride = rows + 5;
        var source = new FloatBuffer(rows * sourceStride);
        var target = new FloatBuffer(columns * targetStride);
        for (int i = 0; i < source.Length; i++)
            source.Data[i] = i;
        target.Span.Fill(Untouched);
        Transposition.Copy(source.Data, sourceStride, rows, columns, target.Data, targetStride);
        for (int column = 0; column < columns; column++)
            for (int row = 0; row < targetStride; row++)
                Assert.Equal(row < rows ? source.Data[row * sourceStride + column] : Untouched,
                    target.Data[column * targetStride + row]);
    }
}
