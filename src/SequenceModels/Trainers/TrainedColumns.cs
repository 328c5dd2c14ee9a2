using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Trainers;

/// <summary>The feature columns of training rows, and what a model keeps of them to find them again.</summary>
/// <param name="Input">The columns as the network reads them.</param>
/// <param name="Saved">Their names and types, in the order given to the trainer.</param>
/// <param name="Characters">One for each feature of characters, in their order.</param>
internal sealed record TrainedColumns(InputColumns Input, SavedColumn[] Saved, IReadOnlyList<CharacterVocabulary> Characters)
{
    /// <summary>What is read of a column of texts; null: there is none.</summary>
    public TextFeatures? Text { get; init; }

    /// <summary>A single column of tokens or frames.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or has another type.</exception>
    public static TrainedColumns From(DataViewSchema schema, string name) =>
        new(new InputColumns(SequenceColumn.Bind(schema, name)), SaveFrom(schema, name), []);

    /// <summary>What is kept of columns.</summary>
    public static SavedColumn[] SaveFrom(DataViewSchema schema, params IEnumerable<string> names) =>
        [.. names.Select(name => new SavedColumn(name, schema[name].Type))];

    /// <summary>The columns in the order in which the network reads them.</summary>
    public IReadOnlyList<DataViewSchema.Column> InOrder => [.. Input.All.Select(column => column.Column)];

    /// <summary>The same columns of other rows.</summary>
    /// <param name="schema">Of these rows.</param>
    /// <param name="inputs">What the network reads.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or holds other steps than in training.</exception>
    public InputColumns In(DataViewSchema schema, StepFeatures inputs) => SavedColumn.Bind(schema, Saved, inputs, Characters,
        Text, RowFeatureColumn.Bind(schema, Input.RowFeatures?.Column.Name, Input.RowFeatures?.Size ?? 0));
}
