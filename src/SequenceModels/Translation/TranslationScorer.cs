using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Sequences;

namespace SequenceModels.Translation;

/// <summary>The likeliest translation of each row.</summary>
/// <param name="columns">What is read.</param>
/// <param name="translator">Finds it.</param>
/// <param name="keepsAttention">Whether what was looked at is wanted.</param>
internal sealed class TranslationScorer(InputColumns columns, SequenceTranslator translator, bool keepsAttention)
    : RowScorer(columns, perStep: false, numberOfScores: 1)
{
    public override bool HasSequences => true;

    public override int BatchSize => translator.Search.SourcesAtOnce;

    public override IBatchScorer CreateBatchScorer() => new BatchScorer(translator.CreatePass(), keepsAttention);

    private sealed class BatchScorer(TranslatorPass pass, bool keepsAttention) : IBatchScorer
    {
        public void Score(SequenceDataset data, ReadOnlySpan<int> rows, ScoreBuffer scores)
        {
            FoundSequence[][] found = pass.Translate(data, rows, keepsAttention);
            for (int k = 0; k < rows.Length; k++)
                scores.Sequences[rows[k]] = found[k][0];
        }
    }
}
