using Microsoft.ML;
using SequenceModels.Sequences;

namespace SequenceModels.Columns;

/// <summary>The columns that a network reads together: one, or several that have the same steps in every row.</summary>
internal sealed class StepColumns(params SequenceColumn[] columns)
{
    public IReadOnlyList<SequenceColumn> All => columns;

    /// <summary>The column that decides how many steps a row has; errors about others name it.</summary>
    public SequenceColumn First => columns[0];

    /// <summary>Numbers that are held for a step.</summary>
    public int NumbersPerStep => columns.Sum(column => column.Input == SequenceInput.Tokens ? 1 : column.InputSize);

    /// <summary>An empty data set for rows of these columns.</summary>
    /// <param name="maximumMemoryBytes">What it may hold in memory.</param>
    public SequenceDataset NewDataset(long maximumMemoryBytes = long.MaxValue) => new(First.Input, First.InputSize, maximumMemoryBytes);

    public StepReader CreateReader(DataViewRow row) => new([.. columns.Select(column => column.CreateReader(row))]);
}
