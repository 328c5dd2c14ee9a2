using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Layers;

public class DropoutTests
{
    private const int Width = 16;

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.3f)]
    [InlineData(0.75f)]
    public void The_share_is_dropped_and_the_mean_is_kept(float share)
    {
        float[] values = Ones(100_000);
        new Dropout(share, Seed: 1, Update: 1).Apply(values, place: 0, sequence: 0);
        Assert.Equal(share, values.Count(value => value == 0) / 100_000.0, 0.01);
        Assert.Equal(1, values.Average(), 0.02);
        Assert.All(values, value => Assert.True(value == 0 || Math.Abs(value * (1 - share) - 1) < 1e-4));
    }

    [Fact]
    public void Units_in_a_row_are_dropped_independently()
    {
        float[] values = Ones(100_000);
        new Dropout(0.5f, Seed: 2, Update: 1).Apply(values, place: 0, sequence: 0);
        for (int distance = 1; distance <= 8; distance++)
            Assert.Equal(0.5, Enumerable.Range(0, 90_000).Average(i => values[i] == values[i + distance] ? 1.0 : 0), 0.01);
    }

    [Fact]
    public void The_way_back_draws_what_the_way_there_drew()
    {
        var dropout = new Dropout(0.5f, Seed: 3, Update: 4);
        Assert.Equal(Draw(dropout, 1, 2), Draw(dropout, 1, 2));
    }

    [Fact]
    public void Every_seed_update_place_and_sequence_draws_anew()
    {
        float[] first = Draw(new(0.5f, Seed: 1, Update: 1), place: 1, sequence: 1);
        Assert.All((float[][])
        [
            Draw(new(0.5f, Seed: 2, Update: 1), 1, 1),
            Draw(new(0.5f, Seed: -1, Update: 1), 1, 1),
            Draw(new(0.5f, Seed: 1, Update: 2), 1, 1),
            Draw(new(0.5f, Seed: 1, Update: 1L << 33), 1, 1),
            Draw(new(0.5f, Seed: 1, Update: 1), 2, 1),
            Draw(new(0.5f, Seed: 1, Update: 1), 1, 2),
        ], other => Assert.InRange(first.Zip(other, (a, b) => a == b ? 1 : 0).Sum(), 400, 600)); // half of 1000 agree by chance
    }

    /// <summary>Four values at a time are drawn as one by one, whatever the width; what is not a number is dropped too.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(29)]
    public void A_value_is_dropped_or_not_whatever_stands_behind_it(int width)
    {
        var dropout = new Dropout(0.5f, Seed: 3, Update: 4);
        float[] all = Draw(dropout, 1, 2), some = Ones(width), unknown = [.. Enumerable.Repeat(float.NaN, width)];
        dropout.Apply(some, place: 1, sequence: 2);
        dropout.Apply(unknown, place: 1, sequence: 2);
        Assert.Equal(all[..width], some);
        Assert.Equal(all[..width].Select(value => value == 0), unknown.Select(value => value == 0));
    }

    [Fact]
    public void All_steps_of_a_sequence_lose_the_same_units()
    {
        var dropout = new Dropout(0.5f, Seed: 5, Update: 6);
        float[] first = Draw(dropout, 3, 4)[..Width], second = Draw(dropout, 3, 2)[..Width];
        Assert.NotEqual(first, second);
        Assert.Equal([.. first, .. second, .. first, .. first], Masked(dropout, Pair(StepRange.All)));
    }

    [Fact]
    public void Each_step_drawn_by_itself_loses_others()
    {
        Dropout dropout = new(0.5f, Seed: 5, Update: 6) { EachStep = true }, theSame = dropout with { EachStep = false };
        float[] masked = Masked(dropout, Pair(StepRange.All));
        float[] Row(int row) => masked[(row * Width)..((row + 1) * Width)];
        Assert.Equal(4, Enumerable.Range(0, 4).Select(row => string.Concat(Row(row))).Distinct().Count());
        Assert.Equal(Row(2), Draw(dropout, 3, 4, step: 1)[..Width]);
        Assert.NotEqual(Draw(dropout, 3, 4, step: 0), Draw(theSame, 3, 4));
        Assert.Equal(Draw(theSame, 3, 4, step: 0), Draw(theSame, 3, 4, step: 1));
    }

    /// <summary>As a decoder reads them that is fed what it gave, and a language model that reads its rows in pieces.</summary>
    [Fact]
    public void Parts_of_sequences_lose_what_the_whole_ones_do()
    {
        var dropout = new Dropout(0.5f, Seed: 5, Update: 6) { EachStep = true };
        SequenceBatch whole = Pair(StepRange.All), part = new();
        float[] masked = Masked(dropout, whole);
        for (int t = 0; t < whole.Steps; t++)
        {
            part.ShapeAsStep(whole, t);
            int first = whole.Offset(t) * Width;
            Assert.Equal(masked[first..(first + whole.Alive(t) * Width)], Masked(dropout, part));
        }
        SequenceBatch end = Pair(new StepRange(1, 2));
        Assert.Equal(masked[(2 * Width)..], Masked(dropout, end));
        end.Shape(1, 1); // the next sequences begin at their first step again
        Assert.Equal(0, end.FirstStep);
    }

    /// <summary>Sequences of three steps and of one, called 4 and 2.</summary>
    private static SequenceBatch Pair(StepRange steps)
    {
        var data = new SequenceDataset([StepFeature.Tokens(1, 0)]);
        data.Add([1u, 1, 1], label: 0);
        data.Add([1u], label: 0);
        var batch = new SequenceBatch();
        batch.Pack(data, rows: [0, 1], numbers: [4, 2], FrameTransform.None, steps);
        return batch;
    }

    private static float[] Masked(Dropout dropout, SequenceBatch batch)
    {
        var rows = new FloatBuffer(batch.Rows * Width);
        rows.Span.Fill(1);
        var mask = new DropoutMask();
        mask.Draw(dropout, place: 3, batch, Width);
        unsafe { mask.ApplyToSteps(batch, rows.Data); }
        return rows.Span[..(batch.Rows * Width)].ToArray();
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    public void The_share_of_tokens_is_dropped_each_by_itself(float share)
    {
        var words = new Dropout(share, Seed: 1, Update: 1);
        bool[] drops =
            [.. from sequence in Enumerable.Range(0, 300) from step in Enumerable.Range(0,
                300) select words.DropsToken(sequence, step)];
        Assert.Equal(share, drops.Average(dropped => dropped ? 1.0 : 0), 0.01);
        foreach (int distance in new[] { 1, 2, 300 }) // the next steps, the next sequence
            Assert.Equal(share * share, Enumerable.Range(0, 80_000)
                .Average(i => drops[i] && drops[i + distance] ? 1.0 : 0), 0.01);
        Assert.NotEqual(drops,
            [.. from s in Enumerable.Range(0, 300) from t in Enumerable.Range(0, 300) select (words with { Update = 2 })
                .DropsToken(s, t)]);
    }

    [Fact]
    public void Every_layer_and_direction_draws_anew()
    {
        var dropout = new Dropout(0.5f, Seed: 1, Update: 1);
        IEnumerable<int> places = Enumerable.Range(0, 66).Concat(
            from layer in Enumerable.Range(0, 64)
            from direction in Enumerable.Range(0,
                2)
            select Dropout.RecurrentPlace(layer, direction));
        Assert.Equal(66 + 128, places.Select(place => string.Concat(Draw(dropout, place, 1))).Distinct().Count());
    }

    [Fact]
    public void None_drops_nothing() => Assert.False(Dropout.None.Drops || Dropout.None.DropsToken(0, 0));

    private static float[] Draw(Dropout dropout, int place, int sequence, int step = 0)
    {
        float[] values = Ones(1000);
        dropout.Apply(values, place, sequence, step);
        return values;
    }

    private static float[] Ones(int count)
    {
        float[] values = new float[count];
        values.AsSpan().Fill(1);
        return values;
    }
}
