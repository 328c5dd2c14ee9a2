using SequenceModels.Layers;
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
        new Dropout(share, Seed: 1, Update: 1).Apply(values, place: 0, sequence: 0, step: 0);
        Assert.Equal(share, values.Count(value => value == 0) / 100_000.0, 0.01);
        Assert.Equal(1, values.Average(), 0.02);
        Assert.All(values, value => Assert.True(value == 0 || Math.Abs(value * (1 - share) - 1) < 1e-4));
    }

    [Fact]
    public void Units_in_a_row_are_dropped_independently()
    {
        float[] values = Ones(100_000);
        new Dropout(0.5f, Seed: 2, Update: 1).Apply(values, place: 0, sequence: 0, step: 0);
        for (int distance = 1; distance <= 8; distance++)
            Assert.Equal(0.5, Enumerable.Range(0, 90_000).Average(i => values[i] == values[i + distance] ? 1.0 : 0), 0.01);
    }

    [Fact]
    public void The_way_back_draws_what_the_way_there_drew()
    {
        var dropout = new Dropout(0.5f, Seed: 3, Update: 4);
        Assert.Equal(Draw(dropout, 1, 2, 3), Draw(dropout, 1, 2, 3));
    }

    [Fact]
    public void Every_seed_update_place_sequence_and_step_draws_anew()
    {
        float[] first = Draw(new(0.5f, Seed: 1, Update: 1), place: 1, sequence: 1, step: 1);
        Assert.All((float[][])
        [
            Draw(new(0.5f, Seed: 2, Update: 1), 1, 1, 1),
            Draw(new(0.5f, Seed: -1, Update: 1), 1, 1, 1),
            Draw(new(0.5f, Seed: 1, Update: 2), 1, 1, 1),
            Draw(new(0.5f, Seed: 1, Update: 1L << 33), 1, 1, 1),
            Draw(new(0.5f, Seed: 1, Update: 1), 2, 1, 1),
            Draw(new(0.5f, Seed: 1, Update: 1), 1, 2, 1),
            Draw(new(0.5f, Seed: 1, Update: 1), 1, 1, 2),
        ], other => Assert.InRange(first.Zip(other, (a, b) => a == b ? 1 : 0).Sum(), 400, 600)); // half of 1000 agree by chance
    }

    [Fact]
    public void None_drops_nothing() => Assert.False(Dropout.None.Drops);

    private static float[] Draw(Dropout dropout, int place, int sequence, int step)
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
