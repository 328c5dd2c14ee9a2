using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Sequences;

namespace SequenceModels.Scoring;

/// <summary>
/// Scores the rows of one schema: what it reads of a row, which scores the row gets, and how rows are scored together.
/// </summary>
/// <param name="columns">What is read.</param>
/// <param name="perStep">Whether each step of a row has scores; else the row has them.</param>
/// <param name="numberOfScores">K: how many.</param>
internal abstract class RowScorer(InputColumns columns, bool perStep, int numberOfScores)
{
    public InputColumns Columns => columns;

    public bool PerStep => perStep;

    public int NumberOfScores => numberOfScores;

    /// <summary>Whether each step is also taken for one class.</summary>
    public virtual bool HasTags => false;

    /// <summary>Whether each row becomes a sequence.</summary>
    public virtual bool HasSequences => false;

    /// <summary>Sequences that are scored together at most.</summary>
    public virtual int BatchSize => 32;

    /// <summary>Reads a row or cursor.</summary>
    public virtual InputReader CreateReader(DataViewRow row) => columns.CreateReader(row);

    /// <summary>An empty data set for rows to be scored.</summary>
    public virtual SequenceDataset CreateDataset() => columns.NewDataset();

    /// <summary>What stands for the labels of a row in such a data set.</summary>
    public virtual ReadOnlySpan<float> NoLabels => [0];

    public abstract IBatchScorer CreateBatchScorer();
}
