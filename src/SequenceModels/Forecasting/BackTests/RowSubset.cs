using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Forecasting;

/// <summary>Some of a view's rows, in their order.</summary>
/// <param name="input">The view.</param>
/// <param name="isIn">For each of its rows, whether it is one of them.</param>
internal sealed class RowSubset(IDataView input, bool[] isIn) : IDataView
{
    public DataViewSchema Schema => input.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => isIn.Count(row => row);

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(input.GetRowCursor(columnsNeeded), isIn);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, bool[] isIn) : DataViewRowCursor
    {
        private long _position = -1;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            while (input.MoveNext())
                if (isIn[input.Position])
                {
                    _position++;
                    return true;
                }
            _position = -1;
            return false;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
