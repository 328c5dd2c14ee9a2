using SequenceModels.Sequences;

namespace SequenceModels.Scoring;

/// <summary>Scores several sequences at once. One per thread: it holds scratch memory.</summary>
internal interface IBatchScorer
{
    /// <summary>Scores rows of a data set. Each gets the scores, to the bit, that it would get alone.</summary>
    /// <param name="data">Made by the <see cref="RowScorer"/>.</param>
    /// <param name="rows">Which of its rows, longest first.</param>
    /// <param name="scores">Has room for all rows of the data set; these are written.</param>
    void Score(SequenceDataset data, ReadOnlySpan<int> rows, ScoreBuffer scores);
}
