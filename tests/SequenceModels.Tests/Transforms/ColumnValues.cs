using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Tests.Transforms;

/// <summary>Reads whole columns as plain arrays.</summary>
internal static class ColumnValues
{
    public static T[][] Vectors<T>(this IDataView view, string column) =>
        [.. view.GetColumn<VBuffer<T>>(column).Select(row => row.DenseValues().ToArray())];

    public static string[] KeyValues(this IDataView view, string column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        view.Schema[column].GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    /// <summary>The tokens of each row; "?" where a token is unknown.</summary>
    public static string[][] Tokens(this IDataView view, string column)
    {
        string[] names = view.KeyValues(column);
        return [.. view.Vectors<uint>(column).Select(row => row.Select(key => key == 0 ? "?" : names[key - 1]).ToArray())];
    }

    public static int[] Dimensions(this IDataView view, string column) =>
        [.. ((VectorDataViewType)view.Schema[column].Type).Dimensions];

    public static string? Text(this DataViewSchema.Column column, string annotation)
    {
        if (column.Annotations.Schema.GetColumnOrNull(annotation) is null)
            return null;
        ReadOnlyMemory<char> text = default;
        column.Annotations.GetValue(annotation, ref text);
        return text.ToString();
    }
}
