using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Sequences;

namespace SequenceModels.LanguageModels;

/// <summary>
/// A step has one score: the natural logarithm of the probability that a language model gives it after those that it has read.
/// The scores of a row are in the order in which it is read; the first is NaN.
/// </summary>
internal sealed class LikelihoodScorer(InputColumns columns, SequenceNetwork network)
    : RowScorer(columns, perStep: true, numberOfScores: 1)
{
    public override InputReader CreateReader(DataViewRow row) => BinaryFrameReader.CreateReader(Columns, row, network.Reversed);

    public override SequenceDataset CreateDataset() => Columns.NewDataset(targets: data => new NextStepTargets(data));

    public override ReadOnlySpan<float> NoLabels => [];

    public override IBatchScorer CreateBatchScorer() => new BatchScorer(network);

    private sealed class BatchScorer(SequenceNetwork network) : IBatchScorer
    {
        private readonly SequenceLikelihood _likelihood = new(network.Layers);

        public void Score(SequenceDataset data, ReadOnlySpan<int> rows, ScoreBuffer scores)
        {
            _likelihood.LogProbabilities(data, rows, scores.Scores);
            int steps = 0;
            foreach (int row in rows)
                steps += data.Length(row);
            if (network.TakesTokens)
                network.Layers.CountTokens(steps);
        }
    }
}
