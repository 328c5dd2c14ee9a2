using Microsoft.ML;
using SequenceModels.Columns;

namespace SequenceModels.Scoring;

/// <summary>A trained network bound to one schema: adds the columns that its scores become.</summary>
/// <param name="inputSchema">The schema.</param>
/// <param name="scorer">Scores its rows.</param>
/// <param name="added">The columns.</param>
/// <param name="makeGetters">Makes the getters of all of these columns, in their order.</param>
internal sealed class ScoreMapper(DataViewSchema inputSchema, RowScorer scorer, IEnumerable<DataViewSchema.DetachedColumn> added,
    Func<IRowScores, Delegate[]> makeGetters) : RowMapper(inputSchema, added)
{
    public override DataViewRowCursor Source(DataViewRowCursor input, bool[] active) =>
        active.AsSpan(InputSchema.Count).Contains(true) ? new BlockCursor(input, scorer, active[..InputSchema.Count]) : input;

    protected override IEnumerable<int> Inputs(bool[] active) => scorer.Columns.Read.Select(column => column.Index);

    protected override Delegate?[] MakeGetters(DataViewRow input, bool[] active) => active.Contains(true)
        ? makeGetters(input as BlockCursor ?? (IRowScores)new SingleRowScores(input, scorer))
        : new Delegate?[active.Length];
}
