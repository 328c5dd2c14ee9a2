using SequenceModels.Files;
using SequenceModels.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Sequences;

/// <summary>What rows have beside their steps, where it is held.</summary>
public class RowFeaturesTests
{
    [Fact]
    public void What_was_set_is_the_row_s_and_zeros_are_not_held()
    {
        using SequenceDataset data = Data();
        data.RowFeatures.Set([1, 3], [2f, -1]);
        data.RowFeatures.Set([0, 0, 0, 7f]); // the last word
        data.Add([1u], label: 0);
        data.Add([2u], label: 0); // nothing was said of it
        data.RowFeatures.Set([0, 2], [5f, 0]);
        data.Add([3u], label: 0);
        Assert.Equal([[3], [], [0]], Enumerable.Range(0, 3).Select(row => data.RowFeatures.Slots(row).ToArray()));
        Assert.Equal([[7f], [], [5f]], Enumerable.Range(0, 3).Select(row => data.RowFeatures.Values(row).ToArray()));
        Assert.Equal(2, data.RowFeatures.Count);
    }

    [Fact]
    public void A_row_that_could_not_be_read_has_none()
    {
        using SequenceDataset data = Data();
        data.RowFeatures.Set([1], [2f]);
        data.AddEmpty([0]);
        Assert.Empty(data.RowFeatures.Slots(0).ToArray());
        data.Clear();
        data.RowFeatures.Set([2], [3f]);
        data.Add([1u], label: 0);
        Assert.Equal([2], data.RowFeatures.Slots(0).ToArray());
    }

    [Fact]
    public void A_file_holds_what_memory_would_hold()
    {
        using SequenceDataset held = Data(), mapped = Data(memory: 0);
        foreach (SequenceDataset data in new[] { held, mapped })
            for (int row = 0; row < 200; row++)
            {
                data.RowFeatures.Set([row % 2, 2 + row % 2], [row, 1f]);
                data.Add([1u], label: 0);
            }
        Assert.True(mapped.RowFeatures.IsMapped && mapped.IsMapped && !held.RowFeatures.IsMapped);
        Assert.Equal(held.Fingerprint(), mapped.Fingerprint());
        SampledRows copied = SampledRows.Choose(new RowSelection(mapped), "rows");
        Assert.Equal(held.Fingerprint(), copied.Data.Fingerprint());
    }

    [Fact]
    public void Rows_that_differ_in_a_number_have_another_fingerprint()
    {
        byte[][] prints = [Print([1], [1f]), Print([1], [2f]), Print([2], [1f]), Print([], [])];
        Assert.Equal(4, prints.Select(Convert.ToHexString).Distinct().Count());

        static byte[] Print(int[] slots, float[] values)
        {
            using SequenceDataset data = Data();
            data.RowFeatures.Set(slots, values);
            data.Add([1u], label: 0);
            return data.Fingerprint();
        }
    }

    /// <summary>4 million numbers at most.</summary>
    [Fact]
    public void Of_rows_with_many_numbers_few_are_sampled()
    {
        using var data = new SequenceDataset([StepFeature.Tokens(3, 0)], rowFeatureSize: 1 << 20);
        float[] all = new float[1 << 20];
        all.AsSpan().Fill(1);
        for (int row = 0; row < 6; row++)
        {
            data.RowFeatures.Set(all);
            data.Add([1u], label: 0);
        }
        Assert.Equal(3, SampledRows.Choose(new RowSelection(data), "rows").Data.Count);
    }

    [Fact]
    public void What_is_no_number_of_a_slot_is_refused()
    {
        using SequenceDataset data = Data();
        Refused("Slot 1 stands after slot 2", () => data.RowFeatures.Set([2, 1], [1f, 1]));
        Refused("Slot 4 stands after slot -1: of the 4 slots", () => data.RowFeatures.Set([4], [1f]));
        Refused("Slot -1", () => data.RowFeatures.Set([-1], [1f]));
        Refused("NaN or infinite", () => data.RowFeatures.Set([1], [float.PositiveInfinity]));
        Refused("NaN or infinite", () => data.RowFeatures.Set([1f, float.NaN, 1, 1]));
        Refused("A row has 4 numbers beside its steps, not 3", () => data.RowFeatures.Set([1f, 2, 3]));
        Refused("There are 1 slots for 2 values", () => data.RowFeatures.Set([1], [1f, 2]));
    }

    private static SequenceDataset Data(long memory = long.MaxValue) =>
        new([StepFeature.Tokens(9, 0)], memory, rowFeatureSize: 4);

    private static void Refused(string message, Action act) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);
}
