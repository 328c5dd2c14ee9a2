using Microsoft.ML.Data;
using static Microsoft.ML.SchemaShape.Column;
using ShapeColumn = Microsoft.ML.SchemaShape.Column;

namespace SequenceModels.Columns;

/// <summary>Which columns an estimator takes: one rule for the declared schema, the real one, and the error message.</summary>
/// <param name="Expected">What fits, in words.</param>
/// <param name="Accepts">Whether a column fits.</param>
internal sealed record ColumnRule(string Expected, Func<ShapeColumn, bool> Accepts)
{
    private static readonly DataViewType[] KeyTypes =
        [NumberDataViewType.Byte, NumberDataViewType.UInt16, NumberDataViewType.UInt32];

    /// <summary>A text, or a vector of texts that are tokens already.</summary>
    public static ColumnRule Text { get; } = new("text or a vector of text", column => column.ItemType is TextDataViewType);

    /// <summary>A vector of keys.</summary>
    public static ColumnRule Keys { get; } = new("a vector of keys (byte, ushort or uint)", IsKeys);

    /// <summary>A label for each step.</summary>
    public static ColumnRule StepLabels { get; } =
        new("a vector of keys (byte, ushort or uint), one for each step (MapValueToKey makes them of a vector of tags)", IsKeys);

    /// <summary>A vector of keys that stand for something.</summary>
    public static ColumnRule NamedKeys { get; } =
        new("a vector of keys (byte, ushort or uint) with KeyValues", column => IsKeys(column) && ClassNames.CanBeOf(column));

    /// <summary>A vector of floats.</summary>
    public static ColumnRule Numbers { get; } = new("a vector of Single", IsNumbers);

    /// <summary>Whatever the trainers read as a sequence.</summary>
    public static ColumnRule Sequence { get; } =
        new("a vector of keys (byte, ushort or uint) or a vector of Single", column => IsKeys(column) || IsNumbers(column));

    /// <summary>A tag for each step: what a tagger takes for labels, or the tags themselves.</summary>
    public static ColumnRule Tags { get; } = new(
        "a vector of keys (byte, ushort or uint; MapValueToKey makes them of a vector of tags) or of text",
        column => IsKeys(column) || IsWords(column));

    /// <summary>A sentence: keys that stand for texts, the texts themselves, or one text.</summary>
    public static ColumnRule Sentences { get; } = new(
        "a vector of keys (byte, ushort or uint) with KeyValues, as TokenizeIntoSequence makes them, a vector of text or a text",
        column => (IsKeys(column) && ClassNames.CanBeOf(column)) || column.ItemType is TextDataViewType);

    /// <summary>A single text.</summary>
    public static ColumnRule SingleText { get; } =
        new("a text", column => column.Kind == VectorKind.Scalar && column.ItemType is TextDataViewType);

    /// <summary>Where tokens stand in their text.</summary>
    public static ColumnRule Offsets { get; } = new("a vector of Int32, start and length of each token",
        column => column.Kind != VectorKind.Scalar && !column.IsKey && column.ItemType == NumberDataViewType.Int32);

    /// <summary>Whatever a tagger reads at each step.</summary>
    public static ColumnRule StepFeature { get; } = new("a vector of keys (byte, ushort or uint), of Single, or of text",
        column => IsKeys(column) || IsNumbers(column) || IsWords(column));

    /// <summary>A vector of text.</summary>
    public static ColumnRule Words { get; } = new("a vector of text, a word for each step", IsWords);

    private static bool IsWords(ShapeColumn column) => column.Kind != VectorKind.Scalar && column.ItemType is TextDataViewType;

    private static bool IsKeys(ShapeColumn column) =>
        column.Kind != VectorKind.Scalar && column.IsKey && KeyTypes.Contains(column.ItemType);

    private static bool IsNumbers(ShapeColumn column) =>
        column.Kind != VectorKind.Scalar && !column.IsKey && column.ItemType == NumberDataViewType.Single;
}
