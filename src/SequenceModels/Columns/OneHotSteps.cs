using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Columns;

/// <summary>
/// Tells from a column's schema, never from its values, whether its steps are one-hot: by our annotation SequenceKind, or by what
/// ML.NET's own encodings leave (OneHotEncoding and OneHotHashEncoding to indicators, MapKeyToVector).
/// </summary>
/// <remarks>
/// These leave IsNormalized on [*, V], where nothing else leaves it: no normaliser takes a variable length. On [T, V] normalisers
/// leave IsNormalized too, but no CategoricalSlotRanges. The binary encodings, whose steps may have several ones, leave neither.
/// </remarks>
internal static class OneHotSteps
{
    private const string IsNormalized = "IsNormalized", CategoricalSlotRanges = "CategoricalSlotRanges";

    /// <summary>What ML.NET puts before the slot names of a vector's first step.</summary>
    private const string FirstStep = "[0].";

    public static bool Are(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { Dimensions: [var steps, > 0 and var size] } type &&
        type.ItemType == NumberDataViewType.Single &&
        (column.Annotations.TextOrNull(AnnotationNames.SequenceKind) == AnnotationNames.OneHot ||
         (IsSaidNormalized(column) && (steps == 0 || RangesAreSteps(column, steps, size))));

    /// <summary>Whether they may be, as far as the shape of a schema tells, which has no annotation's value.</summary>
    public static bool MayBe(SchemaShape.Column column)
    {
        bool Has(string name) => column.Annotations.Any(annotation => annotation.Name == name);
        return !column.IsKey && (Has(AnnotationNames.SequenceKind) ||
            (Has(IsNormalized) && (column.Kind == SchemaShape.Column.VectorKind.VariableVector || Has(CategoricalSlotRanges))));
    }

    /// <summary>
    /// The names of the V slots of a step, as far as ML.NET's encodings give them: those of the first step of [T, V]; none of [*,
    /// V].
    /// </summary>
    /// <param name="column">Of one-hot steps.</param>
    public static ReadOnlyMemory<char>[] SlotNames(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { Dimensions: [var steps, var size] } ||
            NamesOfSlots(column) is not { } names || names.Length != steps * size)
            return [];
        ReadOnlyMemory<char>[] ofFirst = names[..size];
        return ofFirst.All(name => name.Span.StartsWith(FirstStep, StringComparison.Ordinal))
            ? [.. ofFirst.Select(name => name[FirstStep.Length..])] : ofFirst;
    }

    /// <summary>
    /// What the slots of [V] numbers stand for where an encoding of one value says that they are one category; else none.
    /// </summary>
    public static ReadOnlyMemory<char>[] CategoryNames(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType { Dimensions: [> 0 and var size] } && RangesAreSteps(column, steps: 1, size)
            ? NamesOfSlots(column) ?? [] : [];

    private static ReadOnlyMemory<char>[]? NamesOfSlots(DataViewSchema.Column column) =>
        column.Annotations.VectorOrNull<ReadOnlyMemory<char>>(AnnotationNames.SlotNames, TextDataViewType.Instance);

    private static bool IsSaidNormalized(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(IsNormalized) is not { Type: BooleanDataViewType })
            return false;
        bool normalized = false;
        column.Annotations.GetValue(IsNormalized, ref normalized);
        return normalized;
    }

    /// <summary>Whether the slots of each step, and nothing else, are said to be the values of one category.</summary>
    private static bool RangesAreSteps(DataViewSchema.Column column, int steps, int size) =>
        column.Annotations.VectorOrNull<int>(CategoricalSlotRanges, NumberDataViewType.Int32) is { } ranges &&
        ranges.Length == 2L * steps &&
        ranges.Select((slot, i) => slot == i / 2 * size + (i % 2) * (size - 1)).All(fits => fits);
}
