using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Trainers;

/// <summary>A column that a network reads at each step, as a model keeps it.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The type that it had in training.</param>
internal sealed record SavedColumn(string Name, VectorDataViewType Type)
{
    /// <summary>Bytes that one takes in a file, at least.</summary>
    public const int LeastBytes = 1 + 4 * sizeof(int);

    /// <summary>Whether its steps are words, of which the characters are read.</summary>
    public bool IsWords => Type.ItemType is TextDataViewType;

    /// <summary>Which of the columns is the network's first feature: the first that is not of words; -1: none.</summary>
    public static int FirstOf(SavedColumn[] columns) => Array.FindIndex(columns, column => !column.IsWords);

    /// <summary>The columns as a trained network needs them.</summary>
    /// <param name="schema">Where they are.</param>
    /// <param name="columns">In the order given to the trainer.</param>
    /// <param name="spec">The network's.</param>
    /// <param name="characters">One for each column of words, in their order.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing, or holds other steps than the network was trained on.
    /// </exception>
    public static InputColumns Bind(DataViewSchema schema, SavedColumn[] columns, NetworkSpec spec,
        IReadOnlyList<CharacterVocabulary> characters)
    {
        int first = FirstOf(columns), words = 0;
        var further = new List<SequenceColumn>();
        for (int i = 0; i < columns.Length; i++)
        {
            if (i == first)
                continue;
            StepFeature feature = spec.Features[further.Count];
            further.Add(columns[i].IsWords
                ? SequenceColumn.BindWords(schema, columns[i].Name, characters[words++])
                : SequenceColumn.Bind(schema, columns[i].Name,
                    feature.Kind == StepFeatureKind.Tokens ? SequenceInput.Tokens : SequenceInput.Frames, feature.Size,
                    columns[i].Type));
        }
        return new InputColumns(first < 0 ? null
            : SequenceColumn.Bind(schema, columns[first].Name, spec.Input, spec.InputSize, columns[first].Type),
            [.. further], spec.Features);
    }

    /// <summary>Throws if the network and vocabularies that a file holds cannot be of these columns.</summary>
    /// <exception cref="InvalidDataException">They cannot.</exception>
    public static void RequireFit(SavedColumn[] columns, SequenceModelParameters model, PayloadReader reader)
    {
        if (!Fit(columns, model.Network.Spec, model.Characters))
            throw reader.Invalid($"the network does not read the columns '" +
                $"{string.Join("', '", columns.Select(column => column.Name))}'");
    }

    private static bool Fit(SavedColumn[] columns, NetworkSpec spec, IReadOnlyList<CharacterVocabulary> characters)
    {
        int first = FirstOf(columns);
        SavedColumn[] further = [.. columns.Where((_, i) => i != first)];
        StepFeature[] words = [.. spec.Features.Where(feature => feature.Kind == StepFeatureKind.Characters)];
        return columns.Length > 0 && further.Length == spec.Features.Count &&
            further.Zip(spec.Features).All(pair => pair.First.IsWords == (pair.Second.Kind == StepFeatureKind.Characters)) &&
            words.Select(feature => feature.Size).SequenceEqual(characters.Select(vocabulary => vocabulary.Count)) &&
            (first >= 0 || spec is { Input: SequenceInput.Frames, InputSize: 1 });
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        ColumnTypeFile.Write(writer, Type);
    }

    public static SavedColumn Read(PayloadReader reader) => new(reader.ReadString(), ColumnTypeFile.Read(reader));
}
