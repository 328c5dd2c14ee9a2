using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Columns;

/// <summary>Names of column annotations: ML.NET's own, which it does not publish, and ours.</summary>
internal static class AnnotationNames
{
    /// <summary>What the keys 1, 2, ... of a key column stand for.</summary>
    public const string KeyValues = "KeyValues";

    /// <summary>Names of a vector's slots.</summary>
    public const string SlotNames = "SlotNames";

    /// <summary>Says of a column of dimensions [*, V] that its steps are one-hot: the text <see cref="OneHot"/>.</summary>
    public const string SequenceKind = "SequenceKind";

    /// <summary>
    /// Says of a column that its sequences were filled up with steps that carry nothing: the text Start or End.
    /// </summary>
    public const string SequencePadding = "SequencePadding";

    /// <summary>Says of a column of tokens how they become a text again.</summary>
    public const string SequenceDetokenization = "SequenceDetokenization";

    /// <summary>The value of <see cref="SequenceKind"/>.</summary>
    public const string OneHot = "OneHot";

    /// <summary>Adds a vector, such as key values.</summary>
    public static void AddVector<T>(this DataViewSchema.Annotations.Builder builder, string name, PrimitiveDataViewType item,
        T[] values) =>
        builder.Add<VBuffer<T>>(name, new VectorDataViewType(item, values.Length), (ref VBuffer<T> value) =>
        {
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, values.Length);
            values.CopyTo(editor.Values);
            value = editor.Commit();
        });

    /// <summary>Adds a text.</summary>
    public static void AddText(this DataViewSchema.Annotations.Builder builder, string name, string text) =>
        builder.AddPrimitiveValue(name, TextDataViewType.Instance, text.AsMemory());

    /// <summary>The vector of that name; null where there is none of such items.</summary>
    public static T[]? VectorOrNull<T>(this DataViewSchema.Annotations annotations, string name, PrimitiveDataViewType item)
    {
        if (annotations.Schema.GetColumnOrNull(name)?.Type is not VectorDataViewType type || !type.ItemType.Equals(item))
            return null;
        VBuffer<T> values = default;
        annotations.GetValue(name, ref values);
        return values.IsDense ? values.GetValues().ToArray() : [.. values.DenseValues()];
    }

    /// <summary>The text annotation of that name; null if there is none.</summary>
    public static string? TextOrNull(this DataViewSchema.Annotations annotations, string name)
    {
        if (annotations.Schema.GetColumnOrNull(name) is not { Type: TextDataViewType })
            return null;
        ReadOnlyMemory<char> text = default;
        annotations.GetValue(name, ref text);
        return text.ToString();
    }
}
