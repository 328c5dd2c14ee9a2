using SequenceModels.Kernels;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public unsafe class ShardSumTests
{
    /// <summary>Numbers whose sum depends on the order.</summary>
    private static readonly float[] s_gradients = [1e8f, 1, -1e8f, 3, 7, 0.5f];

    private static readonly float s_total = s_gradients.Aggregate((sum, next) => sum + next);

    [Fact]
    public void Shards_that_end_in_any_order_are_added_in_theirs()
    {
        Assert.NotEqual(s_total, s_gradients.Reverse().Aggregate((sum, next) => sum + next));
        var sum = new ShardSum(length: 16, mostShards: s_gradients.Length, begins: true);
        for (int batch = 0; batch < 2; batch++)
        {
            sum.Begin(s_gradients.Length);
            FloatBuffer zero = Take(sum, 0), one = Take(sum, 1), two = Take(sum, 2);
            sum.Put(2, two);
            sum.Put(1, one);
            Assert.Equal(0, sum.Added);
            sum.Put(0, zero);
            Assert.Equal(3, sum.Added);
            FloatBuffer[] last = [Take(sum, 3), Take(sum, 4)]; // the buffers of those before
            Assert.True(last.ToHashSet().SetEquals([one, two]));
            sum.Put(3, last[0]);
            Assert.Equal(4, sum.Added);
            FloatBuffer five = Take(sum, 5);
            Assert.Equal(last[0], five);
            sum.Put(5, five);
            sum.Put(4, last[1]);
            Assert.Equal(4, sum.Added); // nobody waits any more: the rest is left for all threads
            Assert.Equal(s_total, sum.Total.Data[0] + sum[4][0] + sum[5][0]);
        }
    }

    [Fact]
    public void Where_another_process_begins_each_shard_keeps_its_gradient()
    {
        var sum = new ShardSum(length: 16, mostShards: 3, begins: false);
        sum.Begin(3);
        for (int shard = 0; shard < 3; shard++)
            sum.Put(shard, Take(sum, shard));
        Assert.Equal(0, sum.Added);
        Assert.Equal(s_gradients.Take(3), Enumerable.Range(0, 3).Select(shard => sum[shard][0]));
        Assert.Equal(0, sum.Total.Data[0]);
    }

    private static FloatBuffer Take(ShardSum sum, int shard)
    {
        FloatBuffer gradient = sum.Take(shard);
        Assert.All(gradient.Span.ToArray(), value => Assert.Equal(0, value));
        gradient.Data[0] = s_gradients[shard];
        return gradient;
    }
}
