using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Columns;

/// <summary>
/// A transformer bound to one input schema. Its output columns are all input columns, at their places, then the added ones.
/// Holds no state of a row, so that one mapper serves any number of cursors at a time.
/// </summary>
internal abstract class RowMapper : IRowToRowMapper
{
    protected RowMapper(DataViewSchema inputSchema, params IEnumerable<DataViewSchema.DetachedColumn> added)
    {
        InputSchema = inputSchema;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(added);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>Indices of the input columns that the active ones of the added columns are computed from.</summary>
    /// <param name="active">Which of the added columns are wanted; at least one is.</param>
    protected abstract IEnumerable<int> Inputs(bool[] active);

    /// <summary>
    /// Makes a ValueGetter for each active added column (null for the others). Called once per cursor or row: scratch
    /// memory belongs into what is made here.
    /// </summary>
    protected abstract Delegate?[] MakeGetters(DataViewRow input, bool[] active);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        InputsOf(Activity(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != InputSchema)
            throw new ArgumentException("The row's schema is not the one that this mapper was made for.", nameof(input));
        bool[] active = Activity(activeColumns);
        foreach (DataViewSchema.Column column in InputSchema)
            active[column.Index] = input.IsColumnActive(column);
        return new MappedRow(this, input, active);
    }

    /// <summary>
    /// The cursor that a mapped one reads: the input's own, unless a mapper would rather read ahead. A cursor that stands between
    /// has the input's schema and gives its rows in their order.
    /// </summary>
    /// <param name="input">A cursor of the input. The mapped cursor disposes what is returned here.</param>
    /// <param name="active">Which of the output columns are wanted.</param>
    public virtual DataViewRowCursor Source(DataViewRowCursor input, bool[] active) => input;

    /// <summary>For each output column, whether it is wanted.</summary>
    public bool[] Activity(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            if (column.Index >= active.Length || OutputSchema[column.Index].Name != column.Name)
                throw new ArgumentException($"Column '{column.Name}' is not of this schema.", nameof(columns));
            active[column.Index] = true;
        }

        return active;
    }

    /// <summary>The input columns needed for these output columns.</summary>
    public DataViewSchema.Column[] InputsOf(bool[] active)
    {
        bool[] needed = active[..InputSchema.Count];
        bool[] added = active[InputSchema.Count..];
        if (added.Contains(true))
            foreach (int index in Inputs(added))
                needed[index] = true;
        return [.. InputSchema.Where(column => needed[column.Index])];
    }

    /// <summary>The columns of one row or cursor: getters of the input's columns and of the added ones.</summary>
    public sealed class Getters(RowMapper mapper, DataViewRow input, bool[] active)
    {
        private readonly Delegate?[] _added = mapper.MakeGetters(input, active[mapper.InputSchema.Count..]);

        public bool IsActive(DataViewSchema.Column column) => active[column.Index];

        public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column)
        {
            int index = column.Index;
            ColumnGetter.RequireActive(column, index < active.Length && active[index]);
            return index < mapper.InputSchema.Count ? input.GetGetter<TValue>(input.Schema[index])
                : ColumnGetter.As<TValue>(_added[index - mapper.InputSchema.Count], mapper.OutputSchema[index]);
        }
    }

    private sealed class MappedRow(RowMapper mapper, DataViewRow input, bool[] active) : DataViewRow
    {
        private readonly Getters _getters = new(mapper, input, active);

        public override DataViewSchema Schema => mapper.OutputSchema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
