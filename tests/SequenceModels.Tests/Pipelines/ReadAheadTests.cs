using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>What the source of scored rows sees of their being read ahead, and when its errors come.</summary>
public class ReadAheadTests
{
    private readonly SequencePredictionTransformer _model;
    private readonly TestView _rows;
    private readonly float[] _scores;

    public ReadAheadTests()
    {
        (_model, _rows) = RaggedRows.Make("frames, a number", 3000);
        _scores = [.. _model.Transform(_rows).GetColumn<float>("Score")];
    }

    [Fact]
    public void The_input_is_read_once_and_in_order_by_the_thread_that_asks()
    {
        var view = new WatchedView(_rows);
        IDataView scored = _model.Transform(view);
        using (var reader = new Reader(scored))
            for (int row = 0; row < _scores.Length; row++)
                Assert.Equal((row, _scores[row]), reader.Next());
        Assert.Equal((_scores.Length + 1, 1), (view.Moves, view.Disposed)); // the last move finds the end
        Assert.Equal(["Features", "Number"], view.Reads.Keys.Order());
        Assert.All(view.Reads.Values, positions => Assert.Equal(Enumerable.Range(0, _scores.Length).Select(row => (long)row),
            positions));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(21)]
    public void Little_is_read_for_a_reader_who_takes_little(int taken)
    {
        var view = new WatchedView(_rows);
        using (var reader = new Reader(_model.Transform(view)))
            for (int row = 0; row < taken; row++)
                reader.Next();
        // A block has at most four times the rows of one before it.
        Assert.InRange(view.Moves, taken, Math.Max(taken, 5 * (taken - 1)));
        Assert.Equal(1, view.Disposed);
    }

    [Fact]
    public void Rows_that_come_slowly_are_not_waited_for()
    {
        var view = new WatchedView(_rows) { OnMove = _ => Thread.Sleep(150) };
        using var reader = new Reader(_model.Transform(view));
        for (int row = 0; row < 5; row++)
        {
            reader.Next();
            Assert.Equal(row + 1, view.Moves);
        }
    }

    [Fact]
    public void A_reader_may_leave_at_any_row()
    {
        foreach (int taken in new[] { 3, 22, 400, 1400, 2500 })
        {
            var view = new WatchedView(_rows);
            using (var reader = new Reader(_model.Transform(view)))
                for (int row = 0; row < taken; row++)
                    Assert.Equal((row, _scores[row]), reader.Next());
            Assert.Equal(1, view.Disposed);
        }
    }

    [Theory]
    [InlineData("Number")]
    [InlineData("Features")]
    public void An_error_of_a_column_comes_from_that_column_of_that_row(string column)
    {
        foreach (int bad in new[] { 0, 1, 4, 5, 20, 21, 340, 1364, 1365, 1366, 2999 })
        {
            var view = new WatchedView(_rows)
            {
                OnRead = (read, row) =>
                {
                    if (read == column && row == bad)
                        throw new TimeoutException($"{row}");
                },
            };
            using var reader = new Reader(_model.Transform(view));
            for (int row = 0; row < _scores.Length; row++)
            {
                Assert.True(reader.MoveNext());
                if (row != bad)
                    Assert.Equal((row, _scores[row]), reader.Current);
                else
                    for (int twice = 0; twice < 2; twice++)
                    {
                        Assert.Equal($"{bad}", Assert.Throws<TimeoutException>(() => column == "Number" ? reader.Number
                            : reader.Score).Message);
                        Assert.Equal(column == "Number" ? _scores[row] : row, column == "Number" ? reader.Score : reader.Number);
                    }
            }
        }
    }

    [Fact]
    public void An_error_in_moving_comes_when_that_row_is_moved_to()
    {
        foreach (int bad in new[] { 0, 1, 4, 5, 20, 21, 340, 1364, 1365, 1366, 2999 })
        {
            var view = new WatchedView(_rows) { OnMove = row => { if (row == bad) throw new TimeoutException($"{row}"); } };
            using var reader = new Reader(_model.Transform(view));
            for (int row = 0; row < bad; row++)
                Assert.Equal((row, _scores[row]), reader.Next());
            Assert.Equal($"{bad}", Assert.Throws<TimeoutException>(() => reader.MoveNext()).Message);
            for (int row = bad; row < _scores.Length; row++)
                Assert.Equal((row, _scores[row]), reader.Next());
            Assert.False(reader.MoveNext());
        }
    }

    [Fact]
    public void A_row_that_cannot_be_scored_gives_the_error_that_it_gives_alone()
    {
        var values = (VBuffer<float>[])_rows.Columns.Single(column => column.Name == "Features").Values;
        int bad = Array.FindIndex(values, 500, row => row.Length > 0);
        VBufferEditor.CreateFromBuffer(ref values[bad]).Values[^1] = float.NaN;
        int last = values[bad].Length / 3 - 1;
        using var reader = new Reader(_model.Transform(_rows));
        for (int row = 0; row < _scores.Length; row++)
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(row, reader.Number);
            if (row == bad)
                Assert.Equal($"Column 'Features', row {bad} (counted from 0): step {last}, feature 2 is NaN. " +
                    "Remove such rows or replace such values (ReplaceMissingValues) before.",
                    Assert.Throws<InvalidOperationException>(() => reader.Score).Message);
            else
                Assert.Equal(_scores[row], reader.Score);
        }
    }

    /// <summary>A cursor over scored rows.</summary>
    private sealed class Reader : IDisposable
    {
        private readonly DataViewRowCursor _cursor;
        private readonly ValueGetter<float> _getNumber, _getScore;

        public Reader(IDataView scored)
        {
            DataViewSchema.Column number = scored.Schema["Number"], score = scored.Schema["Score"];
            _cursor = scored.GetRowCursor([number, score]);
            _getNumber = _cursor.GetGetter<float>(number);
            _getScore = _cursor.GetGetter<float>(score);
        }

        public float Number => Get(_getNumber);

        public float Score => Get(_getScore);

        public (float Number, float Score) Current => (Number, Score);

        public bool MoveNext() => _cursor.MoveNext();

        public (float Number, float Score) Next()
        {
            Assert.True(MoveNext());
            return Current;
        }

        public void Dispose() => _cursor.Dispose();

        private static float Get(ValueGetter<float> get)
        {
            float value = 0;
            get(ref value);
            return value;
        }
    }
}
