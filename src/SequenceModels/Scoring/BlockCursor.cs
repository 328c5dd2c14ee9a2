using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Networks;

namespace SequenceModels.Scoring;

/// <summary>
/// Gives the rows of an input in their order, and with each its scores. Reads blocks of rows and scores a block at once, when the
/// first of its scores is asked for; while other threads score, the next block is read.
/// </summary>
/// <remarks>
/// The input is read by the thread that uses this cursor, and by no other. Outside the calls of this cursor's own members nothing
/// runs. An error of the input comes where it would come row by row: from MoveNext to that row, or from the getter of that value.
/// </remarks>
internal sealed class BlockCursor : DataViewRowCursor, IRowScores
{
    /// <summary>The first block has one row, so that whoever reads a row or two need not wait for a thousand; each next
    /// block has up to so many times more.</summary>
    private const int Growth = 4;

    private readonly DataViewRowCursor _input;
    private readonly InputReader _reader;
    private readonly BlockScoring _scoring;
    private readonly bool[] _active;
    private RowBlock _block, _next;
    private bool _nextIsRead, _disposed;
    private int _row = -1, _nextRows = 1;

    /// <param name="input">The input; disposed with this cursor.</param>
    /// <param name="scorer">Scores the rows; the columns that it reads must be active in the input.</param>
    /// <param name="active">By index, the columns of the input that are wanted as they are.</param>
    public BlockCursor(DataViewRowCursor input, RowScorer scorer, bool[] active)
    {
        _input = input;
        _reader = scorer.CreateReader(input);
        _scoring = new BlockScoring(scorer);
        _active = active;
        var ids = ColumnBuffer.OfIds(input);
        ColumnBuffer?[] others = [.. input.Schema.Select(each => active[each.Index] ? ColumnBuffer.Of(input, each) : null)];
        _block = new RowBlock(scorer, ids, others);
        _next = new RowBlock(scorer, (ColumnBuffer<DataViewRowId>)ids.Another(),
            Array.ConvertAll(others, each => each?.Another()));
    }

    public override DataViewSchema Schema => _input.Schema;

    public override long Position => IsOnRow ? _block.PlaceOf(_row).Position : -1;

    public override long Batch => IsOnRow ? _block.PlaceOf(_row).Batch : 0;

    private bool IsOnRow => (uint)_row < (uint)_block.Count;

    private int Row => IsOnRow ? _row
        : throw new InvalidOperationException("The cursor stands on no row: values can be read after MoveNext has returned " +
            "true.");

    public override bool MoveNext()
    {
        for (_row++; !IsOnRow; _row = 0)
        {
            _row = _block.Count;
            _block.ThrowFailure();
            if (!_block.MayGoOn)
                return false;
            if (!_nextIsRead)
                ReadNext();
            (_block, _next, _nextIsRead) = (_next, _block, false);
        }
        return true;
    }

    public ReadOnlySpan<float> Scores => _block.ScoresOf(ScoredRow());

    public ReadOnlySpan<int> Tags => _block.TagsOf(ScoredRow());

    public FoundSequence Sequence => _block.SequenceOf(ScoredRow());

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => _block.Ids.Get(Row, ref id);

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int index = column.Index;
        if (_block.Columns[index] is not ColumnBuffer<TValue>)
            throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not {typeof(TValue)}.");
        return (ref TValue value) => ((ColumnBuffer<TValue>)_block.Columns[index]!).Get(Row, ref value);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
            _input.Dispose();
        _disposed = true;
        base.Dispose(disposing);
    }

    private int ScoredRow()
    {
        int row = Row;
        if (!_block.IsScored)
            _scoring.Score(_block, meanwhile: ReadAhead);
        return row;
    }

    private void ReadAhead()
    {
        if (!_block.MayGoOn)
            return;
        ReadNext();
        _nextIsRead = true;
    }

    private void ReadNext()
    {
        _next.Read(_input, _reader, _nextRows);
        _nextRows = Math.Max(_nextRows, Growth * _next.Count);
    }
}
