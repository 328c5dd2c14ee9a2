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

    /// <summary>Says of a column that its sequences were filled up with steps that carry nothing: the text Start or End.</summary>
    public const string SequencePadding = "SequencePadding";

    /// <summary>Says of a column of tokens how they become a text again.</summary>
    public const string SequenceDetokenization = "SequenceDetokenization";

    /// <summary>The value of <see cref="SequenceKind"/>.</summary>
    public const string OneHot = "OneHot";

    /// <summary>Adds a vector of texts, such as key values.</summary>
    public static void AddTexts(this DataViewSchema.Annotations.Builder builder, string name, ReadOnlyMemory<char>[] texts) =>
        builder.Add<VBuffer<ReadOnlyMemory<char>>>(name, new VectorDataViewType(TextDataViewType.Instance, texts.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) =>
            {
                VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, texts.Length);
                texts.CopyTo(editor.Values);
                value = editor.Commit();
            });

    /// <summary>Adds a text.</summary>
    public static void AddText(this DataViewSchema.Annotations.Builder builder, string name, string text) =>
        builder.AddPrimitiveValue(name, TextDataViewType.Instance, text.AsMemory());

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
