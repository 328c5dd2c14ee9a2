using SequenceModels.Parameters;
using Xunit;

namespace SequenceModels.Tests.Parameters;

public class RandomStreamTests
{
    /// <summary>
    /// The published test values of SplitMix64 for this seed: a changed stream would silently change every trained model.
    /// </summary>
    [Fact]
    public void It_is_SplitMix64()
    {
        var random = new RandomStream(1234567);
        Assert.Equal(6457827717110365317UL, random.NextBits());
        Assert.Equal(3203168211198807973UL, random.NextBits());
        Assert.Equal(9817491932198370423UL, random.NextBits());
    }

    [Fact]
    public void Purposes_have_streams_of_their_own()
    {
        var firsts = new HashSet<ulong>();
        for (int seed = -5; seed < 5; seed++)
            for (ulong purpose = 0; purpose < 5; purpose++)
                Assert.True(firsts.Add(RandomStream.For(seed, purpose).NextBits()));
    }

    [Fact]
    public void Numbers_lie_in_their_range_and_reach_all_of_it()
    {
        var random = new RandomStream(5);
        int[] counts = new int[7];
        double sum = 0;
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.Next(7)]++;
            double value = random.NextDouble();
            Assert.InRange(value, 0, Math.BitDecrement(1.0));
            sum += value;
        }
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
        Assert.Equal(0.5, sum / 70_000, 0.01);
    }

    [Fact]
    public void Every_order_of_a_shuffle_is_equally_likely()
    {
        var random = new RandomStream(6);
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < 24_000; i++)
        {
            char[] letters = ['a', 'b', 'c', 'd'];
            random.Shuffle<char>(letters);
            string order = new(letters);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }
}
