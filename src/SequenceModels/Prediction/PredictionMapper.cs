using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Sequences;

namespace SequenceModels.Prediction;

/// <summary>A trained network bound to one schema.</summary>
/// <param name="inputSchema">The schema.</param>
/// <param name="column">The column of sequences in it.</param>
/// <param name="network">Scores them.</param>
/// <param name="added">The columns that the scores become.</param>
/// <param name="makeGetters">Makes the getters of all of these columns.</param>
internal sealed class PredictionMapper(DataViewSchema inputSchema, SequenceColumn column, SequenceNetwork network,
    IEnumerable<DataViewSchema.DetachedColumn> added, Func<RowScores, Delegate[]> makeGetters) : RowMapper(inputSchema, added)
{
    public override DataViewRowCursor Source(DataViewRowCursor input, bool[] active) =>
        active.AsSpan(InputSchema.Count).Contains(true)
            ? new BlockCursor(input, new InputColumns(column), network, active[..InputSchema.Count])
            : input;

    protected override IEnumerable<int> Inputs(bool[] active) => [column.Column.Index];

    protected override Delegate?[] MakeGetters(DataViewRow input, bool[] active)
    {
        if (!active.Contains(true))
            return new Delegate?[active.Length];
        Action<Span<float>> score = input is BlockCursor cursor ? scores => cursor.Scores.CopyTo(scores) : OneByOne(input);
        return makeGetters(new RowScores(input, network.NumberOfOutputs, score));
    }

    private Action<Span<float>> OneByOne(DataViewRow row)
    {
        SequenceReader reader = column.CreateReader(row);
        EncoderPass workspace = network.CreatePass();
        return scores =>
        {
            reader.Read();
            try
            {
                if (column.Input == StepFeatureKind.Tokens)
                    network.Score(reader.Tokens, scores, workspace);
                else
                    network.Score(reader.Frames, scores, workspace);
            }
            catch (Exception e) when (RowError.IsOfTheRow(e))
            {
                throw RowError.Of(new InputColumns(column), row.Position, e);
            }
        };
    }
}
