using Microsoft.ML;
using SequenceModels.Tests.Onnx;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Transforms;

public class StackFramesTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Steps_stand_side_by_side_and_the_last_one_for_those_that_are_missing()
    {
        var rows = new TestView(TestColumn.Numbers("Frames", [0, 2], [1, 2, 3, 4, 5, 6], [], [1, 2], [0, 0, 3, 0]));
        IDataView stacked = _ml.Transforms.StackFrames("Stacked", 2, "Frames").Fit(rows).Transform(rows);
        Assert.Equal([0, 4], stacked.Dimensions("Stacked"));
        Assert.Equal([[1, 2, 3, 4, 5, 6, 5, 6], [], [1, 2, 1, 2], [0, 0, 3, 0]], stacked.Vectors<float>("Stacked"));
        var sparse = new TestView([rows.Columns[0].AsSparse()]);
        Assert.Equal(stacked.Vectors<float>("Stacked"),
            _ml.Transforms.StackFrames("Stacked", 2, "Frames").Fit(sparse).Transform(sparse).Vectors<float>("Stacked"));
    }

    [Fact]
    public void Plain_numbers_are_steps_of_one_and_lengths_may_be_fixed()
    {
        var rows = new TestView(TestColumn.Numbers("Flat", [5], [1, 2, 3, 4, 5]), TestColumn.Numbers("Frames", [2, 2], [1, 2, 3,
            4]));
        var model = _ml.Transforms.StackFrames("A", 3, "Flat").Append(_ml.Transforms.StackFrames("B", 2, "Frames")).Fit(rows);
        IDataView stacked = model.Transform(rows);
        Assert.Equal([2, 3], stacked.Dimensions("A"));
        Assert.Equal([[1, 2, 3, 4, 5, 5]], stacked.Vectors<float>("A"));
        Assert.Equal([1, 4], stacked.Dimensions("B"));
        Assert.Equal([[1, 2, 3, 4]], stacked.Vectors<float>("B"));
    }

    [Fact]
    public void More_numbers_than_a_vector_holds_are_refused()
    {
        var rows = new TestView(TestColumn.Numbers("Frames", [0, 100_000], new float[100_000]));
        Assert.Contains("Column 'Frames' has steps of 100000 numbers, of which 65536 (count)",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.StackFrames("Stacked", 65_536,
            "Frames").Fit(rows)).Message);
    }

    [Fact]
    public void Rows_must_hold_whole_steps()
    {
        var rows = new TestView(TestColumn.Numbers("Frames", [0, 2], [1, 2, 3]));
        Assert.Contains("Column 'Frames', row 0 (counted from 0): 3 values cannot be cut into steps of 2",
            Assert.Throws<InvalidOperationException>(() =>
                _ml.Transforms.StackFrames("Stacked", 2, "Frames").Fit(rows).Transform(rows).Vectors<float>("Stacked")).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_ONNX_model_stacks_the_same(int count)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Examples.Make(9).Append(new Example { Frames = new float[6] })
            .Append(new Example { Readings = [2], Frames = new float[6] }));
        ITransformer model = _ml.Transforms.ReshapeSequence("Steps", 2, nameof(Example.Frames))
            .Append(_ml.Transforms.StackFrames("Stacked", count, "Steps"))
            .Append(_ml.Transforms.StackFrames("Readings2", count, nameof(Example.Readings))).Fit(rows);
        using var pipeline = new ConvertedPipeline(_ml, model, rows, "Stacked", "Readings2");
        pipeline.RequireSame(rows);
    }
}
