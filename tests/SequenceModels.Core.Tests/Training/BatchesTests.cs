using SequenceModels.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public class BatchesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 3)]
    [InlineData(10, 10)]
    [InlineData(10, 100)]
    [InlineData(5000, 16)]
    public void An_epoch_holds_every_row_exactly_once(int rows, int batchSize)
    {
        var batches = new Batches(Data(rows, row => 1 + row * 7 % 13), batchSize, seed: 1);
        for (int epoch = 1; epoch <= 3; epoch++)
            Assert.Equal(Enumerable.Range(0, rows), Epoch(batches, epoch).SelectMany(batch => batch).Order());
        Assert.Equal((rows + batchSize - 1) / batchSize, batches.Count);
    }

    [Fact]
    public void A_batch_stands_longest_first_and_keeps_like_lengths_together()
    {
        var random = new Random(1);
        SequenceDataset data = Data(3200, _ => random.Next(0, 100));
        List<int[]> epoch = Epoch(new Batches(data, batchSize: 32, seed: 1), epoch: 1);
        Assert.All(epoch, batch => Assert.Equal(batch.OrderByDescending(data.Length).Select(data.Length), batch.Select(data.Length)));
        // Drawn at random, the longest and the shortest of 32 would be about 94 apart.
        Assert.InRange(epoch.Average(batch => data.Length(batch[0]) - data.Length(batch[^1])), 0, 30);
    }

    [Fact]
    public void Long_and_short_batches_alternate_at_random()
    {
        SequenceDataset data = Data(320, row => row);
        int[] first = [.. Epoch(new Batches(data, batchSize: 4, seed: 1), epoch: 1).Select(batch => data.Length(batch[0]))];
        Assert.InRange(first.Zip(first.Skip(1), (a, b) => a > b ? 1 : 0).Average(), 0.3, 0.7);
    }

    [Fact]
    public void The_same_seed_gives_the_same_order_and_epochs_differ()
    {
        SequenceDataset data = Data(100, row => row % 5);
        int[] Order(int seed, int epoch) => [.. Epoch(new Batches(data, 8, seed), epoch).SelectMany(batch => batch)];
        Assert.Equal(Order(1, 2), Order(1, 2));
        Assert.NotEqual(Order(1, 1), Order(1, 2));
        Assert.NotEqual(Order(1, 1), Order(2, 1));

        var batches = new Batches(data, 8, 1);
        batches.Shuffle(1);
        Assert.Equal(Order(1, 2), Epoch(batches, 2).SelectMany(batch => batch)); // whatever came before
    }

    /// <summary>Files are often sorted by label. Rows of one length must not come to a batch in the file's order.</summary>
    [Fact]
    public void Neighbours_in_the_data_do_not_stay_together()
    {
        SequenceDataset data = Data(1000, _ => 8);
        var batches = new Batches(data, batchSize: 10, seed: 1);
        List<int[]> first = Epoch(batches, 1), second = Epoch(batches, 2);
        Assert.InRange(first.Average(batch => batch.Max() - batch.Min()), 600, 1000); // 818 expected of ten rows drawn from 1000
        int[] batchOf = new int[1000];
        for (int b = 0; b < second.Count; b++)
            foreach (int row in second[b])
                batchOf[row] = b;
        Assert.True(first.Average(batch => batch.Select(row => batchOf[row]).Distinct().Count()) > 9); // other company in each epoch
    }

    private static List<int[]> Epoch(Batches batches, int epoch)
    {
        batches.Shuffle(epoch);
        return [.. Enumerable.Range(0, batches.Count).Select(batch => batches[batch].ToArray())];
    }

    private static SequenceDataset Data(int rows, Func<int, int> length)
    {
        var data = new SequenceDataset(SequenceInput.Tokens, 3);
        for (int row = 0; row < rows; row++)
            data.Add(new uint[length(row)], label: 0);
        return data;
    }
}
