using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Sequences;

namespace SequenceModels.Columns;

/// <summary>What the tokens of a column of sequences are called.</summary>
internal static class TokenNames
{
    /// <summary>From a key to its text: the column's KeyValues where it has some, else the key's number. Of any other key: unknown.</summary>
    public static Func<uint, string> Of(DataViewSchema.Column column)
    {
        string[] texts = Texts(column);
        return key => key == 0 || (texts.Length > 0 && key > texts.Length) ? "unknown" : texts.Length > 0 ? texts[key - 1] : $"#{key}";
    }

    /// <summary>The texts of the keys from 1 on; none where they have no names, or other ones.</summary>
    public static string[] Texts(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type is not VectorDataViewType { ItemType: TextDataViewType })
            return [];
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.Annotations.GetValue(AnnotationNames.KeyValues, ref values);
        return [.. values.DenseValues().Select(text => text.ToString())];
    }

    /// <summary>How the tokens become a text again, where the column tells.</summary>
    public static Detokenization? JoiningOf(DataViewSchema.Column column) =>
        column.Annotations.TextOrNull(AnnotationNames.SequenceDetokenization) is { } rule ? Detokenization.Parse(rule) : null;
}
