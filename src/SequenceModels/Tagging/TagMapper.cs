using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Scoring;

namespace SequenceModels.Tagging;

/// <summary>A trained tagger bound to one schema.</summary>
/// <param name="inputSchema">The schema.</param>
/// <param name="columns">What the network reads in it.</param>
/// <param name="network">Has an output for every step.</param>
/// <param name="added">The columns that tagging adds.</param>
internal sealed class TagMapper(DataViewSchema inputSchema, InputColumns columns, SequenceNetwork network,
    IEnumerable<DataViewSchema.DetachedColumn> added) : RowMapper(inputSchema, added)
{
    public override DataViewRowCursor Source(DataViewRowCursor input, bool[] active) =>
        active.AsSpan(InputSchema.Count).Contains(true)
            ? new BlockCursor(input, columns, network, active[..InputSchema.Count])
            : input;

    protected override IEnumerable<int> Inputs(bool[] active) => columns.All.Select(column => column.Column.Index);

    protected override Delegate?[] MakeGetters(DataViewRow input, bool[] active) => active.Contains(true)
        ? TagColumns.MakeGetters(input as BlockCursor ?? (IStepScores)new SingleRowScores(input, columns, network))
        : new Delegate?[active.Length];
}
