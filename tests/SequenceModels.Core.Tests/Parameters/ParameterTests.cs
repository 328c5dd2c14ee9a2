using SequenceModels.Kernels;
using SequenceModels.Parameters;
using Xunit;

namespace SequenceModels.Tests.Parameters;

public unsafe class ParameterTests
{
    [Theory]
    [InlineData(1, 1, 1, 64, 1)]
    [InlineData(5, 4, 3, 16, 1)]
    [InlineData(7, 3, 17, 16, 1)]
    [InlineData(34, 4, 100, 16, 2)]
    [InlineData(10, 1, 70, 64, 2)]
    [InlineData(64, 3, 64, 16, 1)]
    public void Every_element_has_a_place_of_its_own(int rows, int gates, int units, int unitsPerPanel, int rowBlocks)
    {
        var parameter = new Parameter("W", rows, gates, units, unitsPerPanel, rowBlocks);
        var places = new HashSet<long>();
        for (int row = 0; row < rows; row++)
            for (int gate = 0; gate < gates; gate++)
                for (int unit = 0; unit < units; unit++)
                    Assert.True(places.Add(parameter.IndexOf(row, gate, unit)));
        Assert.Equal(parameter.LogicalLength, places.Count);
        Assert.InRange(places.Min(), 0, parameter.Length - 1);
        Assert.InRange(places.Max(), 0, parameter.Length - 1);
    }

    [Theory]
    [InlineData(5, 4, 3, 16, 1)]
    [InlineData(34, 3, 100, 16, 2)]
    [InlineData(6, 1, 130, 64, 2)]
    public void What_is_written_is_read(int rows, int gates, int units, int unitsPerPanel, int rowBlocks)
    {
        var set = new ParameterSet();
        set.Add(new Parameter("before", 3, 1, 5, 64));
        Parameter parameter = set.Add(new Parameter("W", rows, gates, units, unitsPerPanel, rowBlocks));
        set.Add(new Parameter("after", 2, 1, 5, 64));
        set.LayOut();
        set.Allocate();
        float Value(int row, int gate, int unit) => 1 + row + 1000 * gate + 10_000 * unit;

        for (int row = 0; row < rows; row++)
            for (int gate = 0; gate < gates; gate++)
                parameter.Write(set.Values, row, gate, [.. Enumerable.Range(0, units).Select(unit => Value(row, gate, unit))]);

        float[] read = new float[units];
        for (int row = 0; row < rows; row++)
            for (int gate = 0; gate < gates; gate++)
            {
                parameter.Read(set.Values, row, gate, read);
                for (int unit = 0; unit < units; unit++)
                {
                    Assert.Equal(Value(row, gate, unit), read[unit]);
                    Assert.Equal(Value(row, gate, unit), parameter.In(set.Values)[parameter.IndexOf(row, gate, unit)]);
                }
            }
        // padding and neighbours stay zero
        Assert.Equal(parameter.LogicalLength, set.Values.Span.ToArray().Count(value => value != 0));
    }

    [Fact]
    public void The_table_of_tokens_is_last_and_is_not_counted_as_dense()
    {
        var set = new ParameterSet();
        Parameter table = set.AddTable(new Parameter("embedding", 10, 1, 8, 64));
        Parameter weight = set.Add(new Parameter("W", 3, 4, 5, 16));
        set.LayOut();
        Assert.Equal(weight.Length, set.DenseLength);
        Assert.Equal(weight.Length, table.Offset);
        Assert.Equal(weight.Length + table.Length, set.Length);
        Assert.Equal([table], set.Tables);
        Assert.Equal([weight, table], set.All);
        Assert.Equal(3 * 4 * 5 + 10 * 8, set.LogicalLength);
    }

    [Theory]
    [InlineData(7, 4, 17, 16, 1)]
    [InlineData(70, 3, 33, 16, 1)]
    [InlineData(130, 1, 70, 64, 2)]
    public void A_transpose_holds_the_same_numbers(int rows, int gates, int units, int unitsPerPanel, int rowBlocks)
    {
        var set = new ParameterSet();
        Parameter parameter = set.Add(new Parameter("W", rows, gates, units, unitsPerPanel, rowBlocks));
        set.LayOut();
        set.Allocate();
        for (int i = 0; i < parameter.Length; i++)
            parameter.In(set.Values)[i] = i + 1;
        var transposed = new Transposed(parameter);
        for (int panel = 0; panel < transposed.Panels; panel++)
            transposed.Refresh(set.Values, panel);

        // Physical column c of the source stands in its panels; row c of each transposed panel holds it.
        for (int row = 0; row < parameter.PhysicalRows; row++)
            for (int column = 0; column < parameter.PhysicalColumns; column++)
            {
                int from = column / parameter.PanelWidth, to = row / MatMul.PanelWidth;
                float expected = parameter.In(set.Values)[parameter.PanelOffset(from) + row * parameter.WidthOf(from) +
                    column % parameter.PanelWidth];
                Assert.Equal(expected, transposed.Panel(to)[(long)column * transposed.WidthOf(to) + row % MatMul.PanelWidth]);
            }
    }

    [Fact]
    public void Runs_of_biases_of_matrices_and_of_layers_alternate()
    {
        var set = new ParameterSet();
        set.Add(new Parameter("a.b", 1, 1, 5, 64) { IsVector = true }); // 16 floats
        set.Add(new Parameter("a.bR", 1, 2, 5, 64) { IsVector = true }); // 32
        set.AddTable(new Parameter("embedding", 3, 1, 5, 64)); // 48, last
        set.Add(new Parameter("output.W", 2, 1, 5, 64)); // 32
        set.Depth = 1;
        set.Add(new Parameter("output.b", 1, 1, 5, 64) { IsVector = true }); // 16
        set.Depth = 2;
        set.Add(new Parameter("output.c", 1, 1, 5, 64) { IsVector = true }); // 16
        set.LayOut();
        foreach ((long from, long end, bool ofVectors, int depth) in
            new[] { (0L, 48L, true, 0), (16, 48, true, 0), (47, 48, true, 0), (48, 80, false, 0), (79, 80, false, 0),
                (80, 96, true, 1), (96, 112, true, 2), (112, 160, false, 0), (159, 160, false, 0) })
            Assert.Equal(new ParameterRun(end, ofVectors, depth), set.RunAt(from));
        Assert.Equal(2, set.LargestDepth);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.RunAt(160));
    }
}
