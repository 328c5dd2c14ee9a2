using Microsoft.ML;
using Xunit;

namespace SequenceModels.Tests.Transforms;

public class ReshapeSequenceTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(6, new[] { 3, 2 })]
    [InlineData(0, new[] { 0, 2 })]
    public void Flat_numbers_become_frames(int size, int[] dimensions)
    {
        IDataView frames = Reshape(new TestView(TestColumn.Numbers("Flat", size == 0 ? [] : [size], [1, 2, 3, 4, 5, 6])));
        Assert.Equal(dimensions, frames.Dimensions("Frames"));
        Assert.Equal([[1, 2, 3, 4, 5, 6]], frames.Vectors<float>("Frames"));
    }

    [Fact]
    public void A_fixed_size_that_does_not_divide_is_refused_at_once()
    {
        var error =
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                Reshape(new TestView(TestColumn.Numbers("Flat", [5], [1, 2, 3, 4, 5]))));
        Assert.StartsWith("Column 'Flat' has 5 values, which cannot be cut into steps of 2 (featuresPerStep).", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_does_not_divide_is_named()
    {
        IDataView frames = Reshape(new TestView(TestColumn.Numbers("Flat", [], [1, 2], [1, 2, 3])));
        var error = Assert.Throws<InvalidOperationException>(() => frames.Vectors<float>("Frames"));
        Assert.StartsWith("Column 'Flat', row 1 (counted from 0): 3 values cannot be cut into steps of 2.", error.Message,
            StringComparison.Ordinal);
    }

    private IDataView Reshape(IDataView data) => _ml.Transforms.ReshapeSequence("Frames", 2, "Flat").Fit(data).Transform(data);
}

public class PadSequenceTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(SequenceSide.End, SequenceSide.End, new uint[] { 1, 2, 0 }, new uint[] { 1, 2, 3 })]
    [InlineData(SequenceSide.Start, SequenceSide.End, new uint[] { 0, 1, 2 }, new uint[] { 1, 2, 3 })]
    [InlineData(SequenceSide.End, SequenceSide.Start, new uint[] { 1, 2, 0 }, new uint[] { 2, 3, 4 })]
    [InlineData(SequenceSide.Start, SequenceSide.Start, new uint[] { 0, 1, 2 }, new uint[] { 2, 3, 4 })]
    public void Keys_are_filled_up_and_cut_at_either_end(SequenceSide pad, SequenceSide truncate, uint[] shorter, uint[] longer)
    {
        TestColumn keys = TestColumn.Keys("In", 4, [1, 2], [1, 2, 3, 4], [3, 2, 1], []);
        foreach (TestColumn column in new[] { keys, keys.AsSparse() })
        {
            IDataView padded = Pad(new TestView(column), pad, truncate);
            Assert.Equal([shorter, longer, [3, 2, 1], [0, 0, 0]], padded.Vectors<uint>("Out"));
            Assert.Equal([3], padded.Dimensions("Out"));
            Assert.Equal(["k1", "k2", "k3", "k4"], padded.KeyValues("Out"));
            Assert.Equal(pad.ToString(), padded.Schema["Out"].Text("SequencePadding"));
        }
    }

    [Theory]
    [InlineData(SequenceSide.End, SequenceSide.End, new float[] { 1, 2, 0, 0, 0, 0 }, new float[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(SequenceSide.Start, SequenceSide.Start, new float[] { 0, 0, 0, 0, 1, 2 }, new float[] { 3, 4, 5, 6, 7, 8 })]
    public void Frames_keep_their_width(SequenceSide pad, SequenceSide truncate, float[] shorter, float[] longer)
    {
        TestColumn frames = TestColumn.Numbers("In", [0, 2], [1, 2], [1, 2, 3, 4, 5, 6, 7, 8], []);
        foreach (TestColumn column in new[] { frames, frames.AsSparse() })
        {
            IDataView padded = Pad(new TestView(column), pad, truncate);
            Assert.Equal([shorter, longer, new float[6]], padded.Vectors<float>("Out"));
            Assert.Equal([3, 2], padded.Dimensions("Out"));
        }
    }

    [Fact]
    public void One_hot_steps_stay_one_hot()
    {
        var keys = new TestView(TestColumn.Keys("Keys", 2, [2]));
        IDataView oneHot = _ml.Transforms.Categorical.OneHotSequenceEncoding("In", "Keys").Fit(keys).Transform(keys);
        IDataView padded = Pad(oneHot, SequenceSide.Start, SequenceSide.End);
        Assert.Equal([[0, 0, 0, 0, 0, 1]], padded.Vectors<float>("Out"));
        Assert.Equal("OneHot", padded.Schema["Out"].Text("SequenceKind"));
        IDataView theirs = _ml.Transforms.Conversion.MapKeyToVector("In", "Keys").Fit(keys).Transform(keys);
        Assert.Equal("OneHot", Pad(theirs, SequenceSide.Start, SequenceSide.End).Schema["Out"].Text("SequenceKind"));
    }

    [Fact]
    public void A_length_of_0_is_refused() =>
        Assert.StartsWith("length must be at least 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.PadSequence("Out", 0)).Message,
            StringComparison.Ordinal);

    private IDataView Pad(IDataView data, SequenceSide pad, SequenceSide truncate) =>
        _ml.Transforms.PadSequence("Out", 3, "In", pad, truncate).Fit(data).Transform(data);
}
