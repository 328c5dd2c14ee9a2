using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Trainers;

/// <summary>A column that a network reads at each step, as a model keeps it.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The type that it had in training.</param>
internal sealed record SavedColumn(string Name, DataViewType Type)
{
    /// <summary>Whether its steps are words, of which the shapes are read.</summary>
    public bool AreShapes { get; init; }

    /// <summary>Bytes that one takes in a file, at least.</summary>
    private const int LeastBytes = 2 + 3 * sizeof(int);

    /// <summary>Whether its steps are words, of which the parts are read.</summary>
    public bool IsWords => !AreShapes && Type is VectorDataViewType { ItemType: TextDataViewType };

    /// <summary>Whether it holds whole texts, which the model cuts itself.</summary>
    public bool IsText => Type is TextDataViewType;

    /// <summary>The columns as a trained network needs them.</summary>
    /// <param name="schema">Where they are.</param>
    /// <param name="columns">In the order of the network's features.</param>
    /// <param name="inputs">The network's.</param>
    /// <param name="characters">One for each feature of characters, in their order.</param>
    /// <param name="text">What is read of a column of texts; null: there is none.</param>
    /// <param name="rowFeatures">What a row has as a whole, beside its steps; null: nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing, or holds other steps than the network was trained on.
    /// </exception>
    public static InputColumns Bind(DataViewSchema schema, SavedColumn[] columns, StepFeatures inputs,
        IReadOnlyList<CharacterVocabulary> characters, TextFeatures? text = null, RowFeatureColumn? rowFeatures = null)
    {
        int words = 0;
        return new InputColumns([.. ReadBy(columns, inputs)!.Zip(inputs, (column, feature) =>
            column.IsText ? SequenceColumn.BindText(schema, column.Name, text!)
            : column.AreShapes ? SequenceColumn.BindShapes(schema, column.Name)
            : column.IsWords ? SequenceColumn.BindWords(schema, column.Name, feature.Kind == StepFeatureKind.Subwords
                ? new SubwordHashes(feature.Size) : characters[words++])
            : SequenceColumn.Bind(schema, column.Name, feature.Kind, feature.StepSize, column.Type as VectorDataViewType))],
            inputs, rowFeatures);
    }

    /// <summary>
    /// The column of each feature: words are read as characters, as subwords, or as both, one behind the other. Null: the columns
    /// cannot be those of the features.
    /// </summary>
    private static List<SavedColumn>? ReadBy(SavedColumn[] columns, StepFeatures inputs)
    {
        var found = new List<SavedColumn>(inputs.Count);
        foreach (SavedColumn column in columns)
        {
            int before = found.Count;
            if (!column.IsWords && Kind() is StepFeatureKind.Tokens or StepFeatureKind.Frames &&
                (!column.AreShapes || inputs[found.Count] is { Kind: StepFeatureKind.Tokens, Size: WordShape.Count }))
                found.Add(column);
            if (column.IsWords && Kind() == StepFeatureKind.Characters)
                found.Add(column);
            if (column.IsWords && Kind() == StepFeatureKind.Subwords)
                found.Add(column);
            if (found.Count == before)
                return null;
        }
        return found.Count == inputs.Count ? found : null;

        StepFeatureKind? Kind() => found.Count < inputs.Count ? inputs[found.Count].Kind : null;
    }

    /// <summary>Throws if the network and vocabularies that a file holds cannot be of these columns.</summary>
    /// <exception cref="InvalidDataException">They cannot.</exception>
    public static void RequireFit(SavedColumn[] columns, SequenceModelParameters model, PayloadReader reader)
    {
        if (!Fit(columns, model.Network.Spec.Inputs, model.Characters) || !Fit(columns, model))
            throw reader.Invalid($"the network does not read the columns '" +
                $"{string.Join("', '", columns.Select(column => column.Name))}'");
    }

    /// <summary>Throws if the network that a file holds cannot be of one column of tokens or frames.</summary>
    /// <exception cref="InvalidDataException">It cannot.</exception>
    public static void RequireFit(SavedColumn column, StepFeatures inputs, PayloadReader reader)
    {
        if (column.IsText || column.IsWords || column.AreShapes || !Fit([column], inputs, []))
            throw reader.Invalid($"the network does not read the column '{column.Name}'");
    }

    private static bool Fit(SavedColumn[] columns, StepFeatures inputs, IReadOnlyList<CharacterVocabulary> characters) =>
        ReadBy(columns, inputs) is not null && inputs.Where(feature => feature.Kind == StepFeatureKind.Characters)
            .Select(feature => feature.Size).SequenceEqual(characters.Select(vocabulary => vocabulary.Count));

    /// <summary>Texts are the only column, and their tokens those of the network.</summary>
    private static bool Fit(SavedColumn[] columns, SequenceModelParameters model) =>
        model.Text is { } text
            ? columns is [{ IsText: true }] && model.Network.Spec.Inputs is [var step] && step.Size == text.VocabularySize
            : !columns.Any(column => column.IsText);

    /// <summary>Writes how many columns there are, and each of them.</summary>
    public static void WriteAll(PayloadWriter writer, SavedColumn[] columns)
    {
        writer.Write(columns.Length);
        foreach (SavedColumn column in columns)
            column.Write(writer);
    }

    /// <summary>Reads what <see cref="WriteAll"/> wrote.</summary>
    public static SavedColumn[] ReadAll(PayloadReader reader)
    {
        var columns = new SavedColumn[reader.ReadCount("the number of feature columns", LeastBytes)];
        for (int i = 0; i < columns.Length; i++)
            columns[i] = Read(reader);
        return columns;
    }

    public void Write(PayloadWriter writer)
    {
        writer.Write(Name);
        ColumnTypeFile.Write(writer, Type);
        writer.Write(AreShapes);
    }

    public static SavedColumn Read(PayloadReader reader) =>
        new(reader.ReadString(), ColumnTypeFile.Read(reader)) { AreShapes = reader.ReadBoolean() };
}
