using SequenceModels.Files;
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
    public void An_epoch_of_some_rows_draws_others_each_time()
    {
        SequenceDataset data = Data(100, row => 1 + row % 5);
        var batches = new Batches(new RowSelection(data), batchSize: 8, seed: 1, most: 20);
        Assert.Equal(3, batches.Count);
        var seen = new HashSet<int>();
        for (int epoch = 1; epoch <= 60; epoch++)
        {
            int[] rows = [.. Epoch(batches, epoch).SelectMany(batch => batch)];
            Assert.Equal(20, rows.Distinct().Count());
            seen.UnionWith(rows);
        }
        Assert.Equal(100, seen.Count);
        Assert.Equal(Epoch(new Batches(data, 8, 1), 1), Epoch(new Batches(new RowSelection(data), 8, 1, most: 1000), 1));
    }

    [Fact]
    public void A_batch_stands_longest_first_and_keeps_like_lengths_together()
    {
        var random = new Random(1);
        SequenceDataset data = Data(3200, _ => random.Next(0, 100));
        List<int[]> epoch = Epoch(new Batches(data, batchSize: 32, seed: 1), epoch: 1);
        Assert.All(epoch, batch =>
            Assert.Equal(batch.OrderByDescending(data.Length).Select(data.Length), batch.Select(data.Length)));
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
        // other company in each epoch
        Assert.True(first.Average(batch => batch.Select(row => batchOf[row]).Distinct().Count()) > 9);
    }

    /// <summary>Some rows are dealt as if they were all that the data has.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Some_rows_of_the_data_are_dealt_like_data_of_their_own(int batchSize)
    {
        static int Length(int row) => row * 7 % 13;
        int[] chosen = [.. Enumerable.Range(0, 500).Where(row => row % 3 != 0)];
        SequenceDataset data = Data(500, Length), own = Data(chosen.Length, i => Length(chosen[i]));
        using SpillList<int> rows = data.NewList<int>();
        rows.Write(0, chosen);
        using var some = new Batches(new RowSelection(data, rows), batchSize, seed: 5);
        using var all = new Batches(own, batchSize, seed: 5);
        for (int epoch = 1; epoch <= 2; epoch++)
            Assert.Equal(Epoch(all, epoch).Select(batch => batch.Select(i => chosen[i])), Epoch(some, epoch));
    }

    [Fact]
    public void The_order_is_drawn_as_ever()
    {
        using var batches = new Batches(Data(12, row => row % 5), batchSize: 5, seed: 3);
        Assert.Equal("7 6 1 11 10 | 9 4 8 3 2 | 0 5",
            string.Join(" | ", Epoch(batches, 2).Select(batch => string.Join(' ', batch))));
    }

    [Fact]
    public void The_order_is_the_same_where_the_lists_are_in_files()
    {
        static int Length(int row) => row * 7 % 13;
        using SequenceDataset mapped = Data(5000, Length, memory: 0);
        using Batches expected = new(Data(5000, Length), 8, seed: 1), found = new(mapped, 8, seed: 1);
        for (int epoch = 1; epoch <= 2; epoch++)
            Assert.Equal(Epoch(expected, epoch), Epoch(found, epoch));
    }

    private static List<int[]> Epoch(Batches batches, int epoch)
    {
        batches.Shuffle(epoch);
        return [.. Enumerable.Range(0, batches.Count).Select(batch => batches[batch].ToArray())];
    }

    private static SequenceDataset Data(int rows, Func<int, int> length, long memory = long.MaxValue)
    {
        var data = new SequenceDataset([StepFeature.Tokens(3, 0)], memory);
        for (int row = 0; row < rows; row++)
            data.Add(new uint[length(row)], label: 0);
        return data;
    }
}
