using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Scoring;

/// <summary>The scores are the network's: of the row, or of each of its steps.</summary>
internal sealed class NetworkScorer(InputColumns columns, SequenceNetwork network)
    : RowScorer(columns, network.Spec.Output.EveryStep, network.NumberOfOutputs)
{
    public override bool HasTags => PerStep;

    public override IBatchScorer CreateBatchScorer() => new BatchScorer(network);

    private sealed class BatchScorer(SequenceNetwork network) : IBatchScorer
    {
        private readonly EncoderPass _pass = network.CreatePass();

        public void Score(SequenceDataset data, ReadOnlySpan<int> rows, ScoreBuffer scores) =>
            network.Score(data, rows, scores.Scores, scores.Tags, _pass);
    }
}
