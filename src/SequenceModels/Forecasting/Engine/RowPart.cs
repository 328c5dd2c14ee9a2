using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Forecasting;

/// <summary>A part of an engine's own chain: works row by row, and is in no model.</summary>
internal abstract class RowPart : ITransformer
{
    public bool IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    public abstract IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);

    public IDataView Transform(IDataView input) => throw new NotSupportedException();

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();

    /// <summary>From rows of one schema to rows of another.</summary>
    /// <param name="input">The schema that it is bound to.</param>
    /// <param name="output">What it gives.</param>
    /// <param name="needed">Columns of the input that it reads.</param>
    /// <param name="makeGetter">From a row of the input and a column of the output to its ValueGetter.</param>
    protected sealed class Mapper(DataViewSchema input, DataViewSchema output, IEnumerable<DataViewSchema.Column> needed,
        Func<DataViewRow, DataViewSchema.Column, Delegate?> makeGetter) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => input;

        public DataViewSchema OutputSchema => output;

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => needed;

        public DataViewRow GetRow(DataViewRow row, IEnumerable<DataViewSchema.Column> activeColumns) =>
            new Row(row, output, makeGetter);
    }

    private sealed class Row(DataViewRow input, DataViewSchema schema,
        Func<DataViewRow, DataViewSchema.Column, Delegate?> makeGetter) : DataViewRow
    {
        public override DataViewSchema Schema => schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        /// <summary>A column that nobody needs may be asked for its getter, but never for a value.</summary>
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => makeGetter(input, column) switch
        {
            null => (ref TValue value) => throw new InvalidOperationException($"Column '{column.Name}' is not kept."),
            ValueGetter<TValue> getter => getter,
            _ => throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not " +
            $"{typeof(TValue)}."),
        };
    }
}
