using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Columns;

/// <summary>A cursor over rows that a view makes itself: a row's id is its number.</summary>
/// <param name="schema">The view's.</param>
/// <param name="active">Indices of the columns that are wanted.</param>
internal abstract class NumberedCursor(DataViewSchema schema, HashSet<int> active) : DataViewRowCursor
{
    public override DataViewSchema Schema => schema;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId value) => value = new DataViewRowId((ulong)Position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ColumnGetter.RequireActive(column, IsColumnActive(column));
        return ColumnGetter.As<TValue>(MakeGetter<TValue>(column), column);
    }

    /// <summary>
    /// The ValueGetter of an active column; null, or one of another type, where it holds no <typeparamref name="TValue"/>.
    /// </summary>
    protected abstract Delegate? MakeGetter<TValue>(DataViewSchema.Column column);
}
