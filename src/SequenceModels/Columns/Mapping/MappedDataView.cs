using Microsoft.ML;

namespace SequenceModels.Columns;

/// <summary>A view with a mapper's added columns. As lazy, shuffleable and parallel as its input is.</summary>
/// <param name="input">The view.</param>
/// <param name="mapper">Adds the columns.</param>
/// <param name="onFirstUse">Done once, when added columns are to be read for the first time.</param>
internal sealed class MappedDataView(IDataView input, RowMapper mapper, Action onFirstUse) : IDataView
{
    private int _isUsed;

    public DataViewSchema Schema => mapper.OutputSchema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = Use(columnsNeeded);
        return Map(input.GetRowCursor(mapper.InputsOf(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = Use(columnsNeeded);
        DataViewRowCursor[] cursors = input.GetRowCursorSet(mapper.InputsOf(active), n, rand);
        return [.. cursors.Select(cursor => Map(cursor, active))];
    }

    private bool[] Use(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        bool[] active = mapper.Activity(columnsNeeded);
        if (active.AsSpan(input.Schema.Count).Contains(true) && Interlocked.Exchange(ref _isUsed, 1) == 0)
            onFirstUse();
        return active;
    }

    private Cursor Map(DataViewRowCursor cursor, bool[] active) => new Cursor(mapper, mapper.Source(cursor, active), active);

    private sealed class Cursor(RowMapper mapper, DataViewRowCursor input, bool[] active) : ForwardingCursor(input)
    {
        private readonly RowMapper.Getters _getters = new(mapper, input, active);

        public override DataViewSchema Schema => mapper.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);
    }
}
