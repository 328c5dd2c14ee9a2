using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Sequences;

namespace SequenceModels.Transcription;

/// <summary>What is said in each row.</summary>
/// <param name="columns">What is read.</param>
/// <param name="transcriber">Finds it.</param>
internal sealed class TranscriptionScorer(InputColumns columns, SequenceTranscriber transcriber)
    : RowScorer(columns, perStep: false, numberOfScores: 1)
{
    public override bool HasSequences => true;

    public override IBatchScorer CreateBatchScorer() => new BatchScorer(transcriber.CreatePass(), transcriber.Search);

    private sealed class BatchScorer(TranscriberPass pass, TranscriptionSearch search) : IBatchScorer
    {
        public void Score(SequenceDataset data, ReadOnlySpan<int> rows, ScoreBuffer scores)
        {
            TranscribedSequence[][] found = pass.Transcribe(data, rows, search, most: 1, () => { });
            for (int k = 0; k < rows.Length; k++)
                scores.Sequences[rows[k]] = OfRow(found[k][0]);
        }

        private static FoundSequence OfRow(TranscribedSequence found) =>
            new([.. found.Tokens], found.LogProbability, found.Score, IsFinished: true, Attention: []) { Times = found.Times };
    }
}
