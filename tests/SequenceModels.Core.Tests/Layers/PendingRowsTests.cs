using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using Xunit;

namespace SequenceModels.Tests.Layers;

/// <summary>Weight gradients of rows that came a few at a time.</summary>
public unsafe class PendingRowsTests
{
    private const int Inputs = 21, Gates = 4, Units = 40, Columns = Gates * 48;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 100, 21, 13)]
    [InlineData(127, 1, 1, 300, 8)]
    public void Have_the_bits_of_those_that_were_added_at_once(params int[] pieces)
    {
        var parameters = new ParameterSet();
        var product = new Product(parameters, parameters.Add(new Parameter("W", Inputs, Gates, Units, unitsPerPanel: 16)));
        parameters.LayOut();
        Assert.Equal((3, Columns), (product.Weight.Panels, product.Weight.PhysicalColumns));
        int rows = pieces.Sum(), stride = product.Weight.PhysicalRows + 16;
        FloatBuffer inputs = RandomNumbers((long)rows * stride, 1), dOutputs = RandomNumbers((long)rows * Columns, 2);
        var from = ProductRows.InPanels(dOutputs.Data, product.Weight, rows);
        FloatBuffer atOnce = RandomNumbers(parameters.Length, 3), later = RandomNumbers(parameters.Length, 3);

        var pending = new PendingRows();
        int first = 0;
        foreach (int count in pieces)
        {
            float* input = inputs.Data + (long)first * stride;
            product.AddWeightGradient(atOnce, count, input, stride, from, first);
            product.AddWeightGradient(later, count, input, stride, from, first, pending);
            first += count;
        }
        Assert.NotEqual(atOnce.Span.ToArray(), later.Span.ToArray());
        pending.Flush(later);
        Assert.Equal(atOnce.Span.ToArray(), later.Span.ToArray());
        pending.Flush(later);
        Assert.Equal(atOnce.Span.ToArray(), later.Span.ToArray());
    }

    private static FloatBuffer RandomNumbers(long length, int seed)
    {
        var random = new Random(seed);
        var buffer = new FloatBuffer(length);
        for (long i = 0; i < length; i++)
            buffer.Data[i] = random.NextSingle() - 0.5f;
        return buffer;
    }
}
