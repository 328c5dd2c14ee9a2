using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Scoring;
using SequenceModels.Tests.Pipelines;
using Xunit;

namespace SequenceModels.Tests.Trainers;

public class RowBlockTests
{
    [Theory]
    [InlineData(10, 1, 5, 1, 5)]                // as many rows as asked for
    [InlineData(10, 1, 5000, 1, 1024)]          // rows
    [InlineData(1000, 1, 5000, 1, 66)]          // steps: 65 rows have fewer than 65,536
    [InlineData(1000, 1, 5000, 1 << 18, 4)]     // scores
    [InlineData(1000, 1, 5000, 1 << 22, 1)]
    [InlineData(0, 1, 5000, 1, 1024)]           // rows without steps
    [InlineData(100_000, 1, 5000, 1, 1)]        // a row longer than a block stands alone
    [InlineData(2, 100_000, 5000, 1, 5)]        // numbers: 5 rows have 10 steps, of a million numbers
    [InlineData(1000, 1, 5000, 1 << 14, 1, true)] // scores of steps: a row more than 64 steps stands alone
    [InlineData(10, 1, 5000, 1 << 14, 7, true)]   // 7 rows have 70 steps
    [InlineData(1, 1, 5000, 1 << 21, 1, true)]
    public void A_block_ends_before_it_takes_too_much_memory(int steps, int inputSize, int asked, int outputs, int expected,
        bool everyStep = false)
    {
        // One array for all rows, so that the view itself is small.
        var row = new VBuffer<float>(steps * inputSize, steps * inputSize == 0 ? 0 : 1, [1], [0]);
        var type = new VectorDataViewType(NumberDataViewType.Single, 0, inputSize);
        var view = new TestView(TestColumn.Of("Features", type, [.. Enumerable.Repeat(row, 4000)]));
        SequenceColumn column = SequenceColumn.Bind(view.Schema, "Features");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        RowBlock block = Block(column, cursor, outputs, everyStep);
        InputReader reader = new InputColumns(column).CreateReader(cursor);
        // A busy machine may read so slowly that time ends a block.
        Assert.Equal(expected, Enumerable.Range(0, 3).Max(_ =>
        {
            block.Read(cursor, reader, asked);
            Assert.True(block.MayGoOn);
            return block.Count;
        }));
    }

    [Fact]
    public void One_row_that_cannot_be_scored_leaves_its_batch_whole()
    {
        (SequencePredictionTransformer model, TestView view) = RaggedRows.Make("frames, a number", 100);
        SequenceNetwork network = model.Model.Network;
        SequenceColumn column = SequenceColumn.Bind(view.Schema, "Features");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        var scorer = new NetworkScorer(new InputColumns(column), network);
        RowBlock block = Block(scorer, cursor);
        var reader = new InputReader(new UncheckedReader(column, cursor, column.CreateReader(cursor), bad: [7, 40]));
        block.Read(cursor, reader, rows: 100);
        new BlockScoring(scorer).Score(block, meanwhile: () => { });
        for (int row = 0; row < block.Count; row++)
            if (row is 7 or 40)
            {
                string message = Assert.Throws<InvalidOperationException>(() => block.ScoresOf(row).Length).Message;
                Assert.Contains("NaN or infinite", message);
                Assert.StartsWith($"Column 'Features', row {row} (counted from 0)", message);
            }
            else
                Assert.Equal(network.Score(block.Sequences.Frames(row)), block.ScoresOf(row).ToArray());
    }

    /// <summary>Both sizes are fine by themselves; their product is more than an array holds.</summary>
    [Fact]
    public void A_row_with_more_scores_than_an_array_holds_leaves_its_neighbours_theirs()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 0, 1);
        VBuffer<float> Steps(int steps) => new(steps, 0, [], []);
        var view = new TestView(TestColumn.Of("Features", type, Steps(0), Steps(1025), Steps(0)));
        SequenceColumn column = SequenceColumn.Bind(view.Schema, "Features");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        RowBlock block = Block(column, cursor, outputs: 1 << 21, everyStep: true);
        InputReader reader = new InputColumns(column).CreateReader(cursor);
        block.Read(cursor, reader, rows: 3);
        Assert.Equal([true, false, true], Enumerable.Range(0, block.Count).Select(block.IsReadable));
        string message = Assert.Throws<InvalidOperationException>(() => block.ScoresOf(1).Length).Message;
        Assert.Contains("Column 'Features', row 1 (counted from 0): 2,149,580,800 numbers are needed in one piece", message);
        Assert.Equal(0, block.ScoresOf(0).Length + block.ScoresOf(2).Length);
    }

    [Fact]
    public void Batches_hold_every_readable_row_once_and_like_lengths_together()
    {
        (_, TestView view) = RaggedRows.Make("frames, a number", 1500);
        SequenceColumn column = SequenceColumn.Bind(view.Schema, "Features");
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        RowBlock block = Block(column, cursor, outputs: 1);
        InputReader reader = new InputColumns(column).CreateReader(cursor);
        var batches = new LengthBuckets(32);
        foreach (int count in new[] { 1000, 300 })
        {
            block.Read(cursor, reader, count);
            block.Fail(17, new TimeoutException());
            batches.Cut(block);
            int[][] dealt = [.. Enumerable.Range(0, batches.Count).Select(batch => batches[batch].ToArray())];
            int[] all = [.. dealt.SelectMany(rows => rows)];
            Assert.Equal(Enumerable.Range(0, block.Count).Where(row => row != 17), all.Order());
            Assert.Equal(all.Select(block.Sequences.Length).OrderDescending(), all.Select(block.Sequences.Length));
            for (int i = 0; i < dealt.Length; i++)
            {
                int steps = dealt[i].Sum(block.Sequences.Length);
                Assert.True(dealt[i].Length == 1 || (dealt[i].Length <= 32 && steps <= 4096), "a batch is too large");
                Assert.True(i == dealt.Length - 1 || dealt[i].Length == 32 ||
                    steps + block.Sequences.Length(dealt[i + 1][0]) > 4096,
                    "a batch was cut without need");
            }
        }
    }

    private static RowBlock Block(SequenceColumn column, DataViewRowCursor cursor, int outputs, bool everyStep = false) =>
        Block(new NoScorer(column, everyStep, outputs), cursor);

    private static RowBlock Block(RowScorer scorer, DataViewRowCursor cursor) =>
        new(scorer, ColumnBuffer.OfIds(cursor), new ColumnBuffer?[cursor.Schema.Count]);

    /// <summary>Of rows that are read and not scored.</summary>
    private sealed class NoScorer(SequenceColumn column, bool perStep, int numberOfScores)
        : RowScorer(new InputColumns(column), perStep, numberOfScores)
    {
        public override IBatchScorer CreateBatchScorer() => throw new NotSupportedException();
    }

    /// <summary>Lets numbers through that the real one refuses.</summary>
    private sealed class UncheckedReader(SequenceColumn column, DataViewRow row, SequenceReader reader, int[] bad)
        : SequenceReader(column, row)
    {
        private int _row;

        public override void Read()
        {
            reader.Read();
            (FrameBuffer, Length) = ([.. reader.Frames], reader.Length);
            if (bad.Contains(_row++))
                (FrameBuffer, Length) = ([1, float.NaN, 1], 1);
        }
    }
}
