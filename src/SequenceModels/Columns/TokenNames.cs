using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>What the tokens of a column of sequences are called.</summary>
internal static class TokenNames
{
    /// <summary>
    /// From a key to its text: the column's KeyValues where it has some, else the key's number. Of any other key: unknown.
    /// </summary>
    public static Func<uint, string> Of(DataViewSchema.Column column) => Of(Texts(column));

    /// <param name="texts">Of the keys from 1 on; none: they have no names.</param>
    /// <inheritdoc cref="Of(DataViewSchema.Column)" path="/summary"/>
    public static Func<uint, string> Of(string[] texts) =>
        key => key == 0 || (texts.Length > 0 && key > texts.Length) ? "unknown"
            : texts.Length > 0 ? texts[key - 1]
            : Invariant($"#{key}");

    /// <summary>
    /// The texts of the keys from 1 on, or of the slots of one-hot steps: KeyValues of any type, made to text in the invariant
    /// culture, or slot names. None where they have no names, or not one for each.
    /// </summary>
    public static string[] Texts(DataViewSchema.Column column) => Array.ConvertAll(MemoryOf(column), text => text.ToString());

    /// <summary>The same, where texts are not copied that the column has.</summary>
    public static ReadOnlyMemory<char>[] MemoryOf(DataViewSchema.Column column)
    {
        ReadOnlyMemory<char>[] texts = ClassNames.TextsOf(column);
        if (texts.Length == 0 && OneHotSteps.Are(column))
            texts = OneHotSteps.SlotNames(column);
        return (ulong)texts.Length == Count(column) ? texts : [];
    }

    /// <summary>How the tokens become a text again, where the column tells.</summary>
    public static Detokenization? JoiningOf(DataViewSchema.Column column) =>
        column.Annotations.TextOrNull(AnnotationNames.SequenceDetokenization) is { } rule ? Detokenization.Parse(rule) : null;

    /// <summary>V; 0 where the column has no tokens.</summary>
    private static ulong Count(DataViewSchema.Column column) => column.Type switch
    {
        KeyDataViewType key => key.Count,
        VectorDataViewType { ItemType: KeyDataViewType key } => key.Count,
        VectorDataViewType { Dimensions: [_, var size] } when OneHotSteps.Are(column) => (ulong)size,
        _ => 0,
    };
}
