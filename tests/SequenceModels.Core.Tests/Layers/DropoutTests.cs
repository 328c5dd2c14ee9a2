using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Layers;

public class DropoutTests
{
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

    [Fact]
    public void All_steps_of_a_sequence_lose_the_same_units()
    {
        const int Width = 16;
        var dropout = new Dropout(0.5f, Seed: 5, Update: 6);
        var data = new SequenceDataset([StepFeature.Tokens(1, 0)]);
        data.Add([1u, 1, 1], label: 0);
        data.Add([1u], label: 0);
        var batch = new SequenceBatch();
        batch.Pack(data, rows: [0, 1], numbers: [4, 2], FrameTransform.None);
        var rows = new FloatBuffer(batch.Rows * Width);
        rows.Span.Fill(1);
        var mask = new DropoutMask();
        mask.Draw(dropout, place: 3, batch, Width);
        unsafe { mask.ApplyToSteps(batch, rows.Data); }

        float[] first = Draw(dropout, 3, 4)[..Width], second = Draw(dropout, 3, 2)[..Width];
        Assert.NotEqual(first, second);
        Assert.Equal([.. first, .. second, .. first, .. first], rows.Span[..(batch.Rows * Width)].ToArray());
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

    private static float[] Draw(Dropout dropout, int place, int sequence)
    {
        float[] values = Ones(1000);
        dropout.Apply(values, place, sequence);
        return values;
    }

    private static float[] Ones(int count)
    {
        float[] values = new float[count];
        values.AsSpan().Fill(1);
        return values;
    }
}
