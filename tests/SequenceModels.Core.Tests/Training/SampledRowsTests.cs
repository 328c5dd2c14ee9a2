using SequenceModels.Sequences;
using SequenceModels.Tests.Reports;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public class SampledRowsTests
{
    [Fact]
    public void Of_few_rows_all_are_copied_with_all_that_belongs_to_them()
    {
        foreach (SequenceDataset data in new[] { Tokens(), Frames(), Labelled(), Featured() })
        {
            SampledRows chosen = SampledRows.Choose(new RowSelection(data), "rows");
            byte[] expected = data.Fingerprint();
            data.Dispose();
            Assert.Equal(expected, chosen.Data.Fingerprint());
            Assert.Equal((3, "rows"), (chosen.Of, chosen.Kind));
        }
    }

    [Fact]
    public void Of_many_rows_two_thousand_are_chosen_evenly()
    {
        var data = new SequenceDataset([StepFeature.Tokens(1, 0)]);
        for (int row = 0; row < 5000; row++)
            data.Add([1u], row);
        SampledRows chosen = SampledRows.Choose(new RowSelection(data), "rows");
        Assert.Equal((5000, 2000), (chosen.Of, chosen.Data.Count));
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => i * 5 / 2), Enumerable.Range(0, 2000).Select(i => (int)chosen.Data.Labels(i)[0]));
    }

    [Theory]
    [InlineData(110, 1200, 1, 54)] // 65,536 steps
    [InlineData(6, 1000, 999, 4)] // 4 million numbers
    [InlineData(3, 100_000, 1, 1)] // one at least
    public void Long_rows_are_few(int rows, int length, int size, int chosen)
    {
        var data = new SequenceDataset([StepFeature.Frames(size)]);
        float[] frames = new float[length * size];
        for (int row = 0; row < rows; row++)
            data.Add(frames, row);
        Assert.Equal(chosen, SampledRows.Choose(new RowSelection(data), "rows").Data.Count);
    }

    private static SequenceDataset Tokens()
    {
        var data = new SequenceDataset([StepFeature.Tokens(5, 0)]);
        data.Add([1u, 2, 3], 1, weight: 2);
        data.Add(ReadOnlySpan<uint>.Empty, 0);
        data.Add([0u, 5], 4, weight: 0);
        return data;
    }

    private static SequenceDataset Frames()
    {
        var data = new SequenceDataset([StepFeature.Frames(2)], targets: data => new RowTargets(data, 3));
        for (int row = 0; row < 3; row++)
            data.Add([1, 2, row, 4], [row, float.NaN, 3], weight: row);
        return data;
    }

    private static SequenceDataset Labelled()
    {
        var data = new SequenceDataset([StepFeature.Frames(1)], targets: data => new StepTargets(data));
        data.Add(ReadOnlySpan<float>.Empty, []);
        data.Add([1f, 2], [0f, float.NaN]);
        data.Add([3f], [2f], weight: 3);
        return data;
    }

    private static SequenceDataset Featured()
    {
        var data = new SequenceDataset(
            [StepFeature.Tokens(5, 1), StepFeature.Tokens(7, 2), StepFeature.Frames(2), StepFeature.Characters(9, 2, 3)], targets: data => new StepTargets(data));
        foreach (int length in new[] { 2, 3, 1 })
        {
            data.Set(1, [.. Enumerable.Range(0, length).Select(i => (uint)i)]);
            data.Set(2, [.. Enumerable.Range(0, 2 * length).Select(i => (float)i)]);
            data.Set(3, [.. Enumerable.Range(0, length).Select(i => data.WordOf(3, [1, (uint)(i + length)]))]);
            data.Add([.. Enumerable.Range(0, length).Select(i => (uint)i)], [.. Enumerable.Range(0, length).Select(i => i % 2f)]);
        }
        return data;
    }
}
