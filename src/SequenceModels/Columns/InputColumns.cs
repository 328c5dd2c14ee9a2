using Microsoft.ML;
using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.Columns;

/// <summary>The columns that a network reads together: one, or several that have the same steps in every row.</summary>
/// <param name="columns">In the order of the network's features; a column of words that is read in two ways stands twice.</param>
/// <param name="inputs">What the network takes these for.</param>
/// <param name="rowFeatures">What a row has as a whole, beside its steps; null: nothing.</param>
internal sealed class InputColumns(IReadOnlyList<SequenceColumn> columns, StepFeatures inputs,
    RowFeatureColumn? rowFeatures = null)
{
    /// <param name="column">The only one.</param>
    /// <param name="embeddingSize">Of tokens: the length of their learned vectors; 0: they enter as one-hot vectors.</param>
    public InputColumns(SequenceColumn column, int embeddingSize = 0) : this([column], [column.FeatureOf(embeddingSize)]) { }

    /// <summary>What a row has as a whole, beside its steps; null: nothing.</summary>
    public RowFeatureColumn? RowFeatures => rowFeatures;

    /// <summary>Numbers that a row has as a whole: the n-grams of its text, and behind them those of the column.</summary>
    public int RowFeatureSize => NGrams + (rowFeatures?.Size ?? 0);

    /// <summary>How many of these are n-grams.</summary>
    private int NGrams => columns is [{ Text: { } text }] ? text.NGrams.Count : 0;

    /// <summary>All columns that are read of a row.</summary>
    public IEnumerable<DataViewSchema.Column> Read => [.. columns.Select(column => column.Column).DistinctBy(read => read.Index),
        .. rowFeatures is null ? Array.Empty<DataViewSchema.Column>() : [rowFeatures.Column]];

    /// <summary>Each column of steps, in the order of the features.</summary>
    public IReadOnlyList<SequenceColumn> All => columns;

    /// <summary>What a step is.</summary>
    public StepFeatures Inputs => inputs;

    /// <summary>The first column of tokens; null: there is none.</summary>
    public SequenceColumn? FirstTokens => inputs.FirstTokens is >= 0 and int place ? columns[place] : null;

    /// <summary>An empty data set for rows of these columns.</summary>
    /// <param name="memory">Where it may hold them; null: in memory.</param>
    /// <param name="targets">What the rows have for labels; null: one for each row.</param>
    public SequenceDataset NewDataset(RowMemory? memory = null, Func<SequenceDataset, Targets>? targets = null) =>
        new(inputs, memory?.Bytes ?? long.MaxValue, targets: targets, rowFeatureSize: RowFeatureSize, group: memory?.Group);

    /// <summary>Reads the columns.</summary>
    /// <param name="row">A row or cursor.</param>
    /// <param name="reversed">Whether rows are read from their last step to their first.</param>
    public InputReader CreateReader(DataViewRow row, bool reversed = false) =>
        new([.. columns.Select(column => column.CreateReader(row))])
        {
            RowFeatures = rowFeatures?.CreateReader(row),
            Reverses = reversed,
        };
}
