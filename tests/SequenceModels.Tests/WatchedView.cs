using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Tests;

/// <summary>
/// A view that passes another one on, notes all that its cursors are asked for, and fails where it is told to. Its cursors insist
/// on being used by the thread that made them, and not after their end.
/// </summary>
internal sealed class WatchedView(IDataView source) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => source.CanShuffle;

    /// <summary>How often a cursor was told to move.</summary>
    public int Moves { get; private set; }

    /// <summary>The positions at which each column was read, in the order of reading.</summary>
    public Dictionary<string, List<long>> Reads { get; } = [];

    public int Disposed { get; private set; }

    /// <summary>Called before the cursor moves to the row of this number, counted from 0; may throw.</summary>
    public Action<int>? OnMove { get; set; }

    /// <summary>Called before a column is read at a position; may throw.</summary>
    public Action<string, long>? OnRead { get; set; }

    /// <summary>Whether a row can be asked for its id.</summary>
    public bool HasIds { get; set; } = true;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, source.GetRowCursor(columnsNeeded, rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        throw new NotSupportedException("What several cursors do cannot be told apart.");

    private sealed class Cursor(WatchedView view, DataViewRowCursor input) : DataViewRowCursor
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private bool _disposed;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext()
        {
            Check();
            int row = view.Moves++;
            view.OnMove?.Invoke(row);
            return input.MoveNext();
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => view.HasIds ? input.GetIdGetter()
            : throw new NotSupportedException("no ids");

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> get = input.GetGetter<TValue>(column);
            List<long> reads = view.Reads[column.Name] = [];
            return (ref TValue value) =>
            {
                Check();
                view.OnRead?.Invoke(column.Name, input.Position);
                reads.Add(input.Position);
                get(ref value);
            };
        }

        protected override void Dispose(bool disposing)
        {
            Check();
            _disposed = true;
            view.Disposed++;
            input.Dispose();
            base.Dispose(disposing);
        }

        private void Check()
        {
            if (_disposed || _thread != Environment.CurrentManagedThreadId)
                throw new InvalidDataException(_disposed ? "used after its end" : "used by another thread");
        }
    }
}
