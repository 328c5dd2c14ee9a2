using Microsoft.ML;

namespace SequenceModels.Columns;

/// <summary>A mapper that computes one column from one other.</summary>
/// <param name="inputSchema">The schema it is bound to.</param>
/// <param name="input">The column read.</param>
/// <param name="output">The column added.</param>
/// <param name="makeGetter">Makes the added column's ValueGetter for a row or cursor.</param>
internal sealed class ColumnMapper(DataViewSchema inputSchema, DataViewSchema.Column input, DataViewSchema.DetachedColumn output,
    Func<DataViewRow, Delegate> makeGetter) : RowMapper(inputSchema, output)
{
    protected override IEnumerable<int> Inputs(bool[] active) => [input.Index];

    protected override Delegate?[] MakeGetters(DataViewRow row, bool[] active) => [active[0] ? makeGetter(row) : null];
}
