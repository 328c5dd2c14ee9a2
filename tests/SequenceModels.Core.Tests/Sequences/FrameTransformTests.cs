using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class FrameTransformTests
{
    [Fact]
    public void Standard_gives_mean_0_and_deviation_1_over_all_steps()
    {
        var data = new SequenceDataset([StepFeature.Frames(2)]);
        data.Add([1f, 1000, 2, 1001], label: 0);
        data.Add(ReadOnlySpan<float>.Empty, label: 0);
        data.Add([6f, 1002], label: 0);
        FrameTransform transform = FrameTransform.Standard(new RowSelection(data));
        Assert.Equal([3, 1001], transform[0].Mean);
        Assert.Equal(1 / Math.Sqrt((4 + 1 + 9) / 3.0), transform[0].Factor[0], 1e-6);
        Assert.Equal(1 / Math.Sqrt(2 / 3.0), transform[0].Factor[1], 1e-6);
        float[] scaled = new float[2];
        transform[0].Apply([6, 1001], scaled);
        Assert.Equal([3 * transform[0].Factor[0], 0], scaled);
    }

    [Fact]
    public void Numbers_whose_difference_is_too_large_for_a_float_are_scaled_all_the_same()
    {
        var data = new SequenceDataset([StepFeature.Frames(2)]);
        data.Add([3e38f, 1, -3e38f, 2, -3e38f, 3], label: 0);
        FrameTransform transform = FrameTransform.Standard(new RowSelection(data));
        float[] scaled = new float[2];
        transform[0].Apply([3e38f, 2], scaled);
        Assert.Equal(Math.Sqrt(2), scaled[0], 1e-5);
        Assert.Equal(0, scaled[1]);
        string message = Assert.Throws<ArgumentException>(() => transform[0].Apply([1, 3e38f], scaled)).Message;
        Assert.Contains("Feature 1 of a step is 3E+38", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1f)]
    [InlineData(1e30f)]
    [InlineData(1e-42f)]
    public void A_feature_that_never_changes_is_only_centred(float value)
    {
        var data = new SequenceDataset([StepFeature.Frames(1)]);
        for (int i = 0; i < 1000; i++)
            data.Add([value], label: 0);
        FrameTransform transform = FrameTransform.Standard(new RowSelection(data));
        Assert.Equal([1], transform[0].Factor);
        float[] scaled = new float[1];
        transform[0].Apply([value], scaled);
        Assert.Equal(0, scaled[0]);
    }

    [Theory]
    [InlineData(1e-40f)]
    [InlineData(1e38f)]
    public void Extreme_features_stay_finite(float size)
    {
        var data = new SequenceDataset([StepFeature.Frames(1)]);
        data.Add([size, -size, size, -size], label: 0);
        float[] scaled = new float[1];
        FrameTransform.Standard(new RowSelection(data))[0].Apply([size], scaled);
        Assert.True(float.IsFinite(scaled[0]), $"{scaled[0]}");
    }

    [Fact]
    public void No_steps_at_all_change_nothing()
    {
        var data = new SequenceDataset([StepFeature.Frames(3)]);
        data.Add(ReadOnlySpan<float>.Empty, label: 0);
        float[] scaled = new float[3];
        FrameTransform.Standard(new RowSelection(data))[0].Apply([1, 2, 3], scaled);
        Assert.Equal([1, 2, 3], scaled);
    }

    [Fact]
    public void Only_the_given_rows_are_fitted()
    {
        SequenceDataset all = new([StepFeature.Frames(1)]), some = new([StepFeature.Frames(1)]);
        float[][] frames = [[1, 2], [100], [3, 7, 5], []];
        foreach (float[] row in frames)
            all.Add(row, label: row.Length, weight: 1 + row.Length);
        using SpillList<int> rows = all.NewList<int>();
        foreach (int row in new[] { 0, 2, 3 })
        {
            rows.Add(row);
            some.Add(frames[row], all.Labels(row)[0], all.Weight(row));
        }
        FrameTransform expected = FrameTransform.Standard(new RowSelection(some)), found = FrameTransform.Standard(new RowSelection(all, rows));
        Assert.Equal((expected[0].Mean[0], expected[0].Factor[0]), (found[0].Mean[0], found[0].Factor[0]));
        Assert.Equal(3.6f, found[0].Mean[0]);
        Assert.Equal(LabelTransform.Standard(new RowSelection(some)), LabelTransform.Standard(new RowSelection(all, rows)));
        Assert.NotEqual(LabelTransform.Standard(new RowSelection(all)), LabelTransform.Standard(new RowSelection(all, rows)));
    }
}
