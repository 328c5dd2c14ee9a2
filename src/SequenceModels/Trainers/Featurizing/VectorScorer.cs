using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Sequences;

namespace SequenceModels.Trainers;

/// <summary>The scores of a row are the vector that its network makes of it.</summary>
internal sealed class VectorScorer(InputColumns columns, SequenceNetwork network)
    : RowScorer(columns, perStep: false, SequenceVectors.SizeOf(network.Layers))
{
    public override InputReader CreateReader(DataViewRow row) => Columns.CreateReader(row, network.Reversed);

    public override IBatchScorer CreateBatchScorer() => new BatchScorer(network);

    private sealed class BatchScorer(SequenceNetwork network) : IBatchScorer
    {
        private readonly SequenceVectors _vectors = new(network.Layers);

        public void Score(SequenceDataset data, ReadOnlySpan<int> rows, ScoreBuffer scores) =>
            _vectors.Write(data, rows, scores.Scores);
    }
}
