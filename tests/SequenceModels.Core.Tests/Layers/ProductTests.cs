using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using Xunit;

namespace SequenceModels.Tests.Layers;

public unsafe class ProductTests
{
    private const int Count = 9;

    /// <summary>
    /// More columns than are multiplied at once, in panels of which the last is narrower or not, and rows that fill no panel of
    /// the transpose.
    /// </summary>
    [Theory]
    [InlineData(1, 1620, 64, true)]
    [InlineData(1, 1620, 64, false)]
    [InlineData(3, 600, 16, true)]
    [InlineData(3, 600, 16, false)]
    [InlineData(1, 16, 64, true)]
    public void The_gradient_of_the_input_has_the_bits_of_one_sum_over_all_columns(int gates, int units, int unitsPerPanel,
        bool transposesPieces)
    {
        var parameters = new ParameterSet();
        Parameter weight = parameters.Add(new Parameter("W", 70, gates, units, unitsPerPanel));
        parameters.LayOut();
        parameters.Allocate();
        var random = new Random(1);
        Fill(parameters.Values);
        int stride = Rows.Padded(weight.PhysicalRows);
        FloatBuffer dOutput = new(Count * weight.PhysicalColumns), expected = new(Count * stride), found = new(Count * stride);
        Fill(dOutput);
        Fill(expected);
        expected.Span.CopyTo(found.Span);

        var product = new Product(parameters, weight) { TransposesPieces = transposesPieces };
        if (!transposesPieces)
            for (int panel = 0; panel < product.PrepareInputGradient().Panels; panel++)
                product.PrepareInputGradient().Refresh(parameters.Values, panel);
        product.AddInputGradient(Count, ProductRows.InRows(dOutput.Data, weight, weight.PhysicalColumns), 0, found.Data, stride);

        var whole = new FloatBuffer((long)weight.PhysicalColumns * stride);
        for (int row = 0; row < weight.PhysicalRows; row++)
            for (int column = 0; column < weight.PhysicalColumns; column++)
            {
                int panel = column / weight.PanelWidth;
                whole.Data[column * stride + row] = weight.In(parameters.Values)[weight.PanelOffset(panel) +
                    row * weight.WidthOf(panel) + column % weight.PanelWidth];
            }
        for (int column = 0; column < stride; column += 16)
            MatMul.Panel(Count, weight.PhysicalColumns, Operand.Rows(dOutput.Data, weight.PhysicalColumns), whole.Data + column,
                stride, 16, Start.Rows(expected.Data + column, stride), expected.Data + column, stride);
        Assert.Equal(expected.Span.ToArray(), found.Span.ToArray());

        void Fill(FloatBuffer buffer)
        {
            foreach (ref float value in buffer.Span)
                value = random.NextSingle() - 0.5f;
        }
    }
}
