using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Conformance;

/// <summary>
/// The values of a view as texts, for comparison: floats by their bits, vectors slot by slot, whether stored sparse or dense.
/// </summary>
internal static class Rows
{
    private static readonly MethodInfo s_scalar = Method(nameof(Scalar)), s_vector = Method(nameof(Vector));

    /// <summary>One text for each row, of these columns in this order.</summary>
    public static string[] Of(IDataView view, params string[] columns)
    {
        DataViewSchema.Column[] active = [.. columns.Select(name => view.Schema[name])];
        using DataViewRowCursor cursor = view.GetRowCursor(active);
        return [.. Read(cursor, active).Select(row => row.Text)];
    }

    /// <summary>The same by parallel cursors, put into the order of the rows' ids.</summary>
    public static string[] OfParallel(IDataView view, int cursors, params string[] columns)
    {
        DataViewSchema.Column[] active = [.. columns.Select(name => view.Schema[name])];
        DataViewRowCursor[] set = view.GetRowCursorSet(active, cursors);
        Assert.True(set.Length > 1, "the view gives no more than one cursor");
        var rows = new (ulong Id, string Text)[set.Length][];
        Parallel.For(0, set.Length, i =>
        {
            using (set[i])
                rows[i] = [.. Read(set[i], active)];
        });
        return [.. rows.SelectMany(part => part).OrderBy(row => row.Id).Select(row => row.Text)];
    }

    /// <summary>The same by a mapper, row by row.</summary>
    public static string[] OfMapped(IDataView input, IRowToRowMapper mapper, params string[] columns)
    {
        DataViewSchema.Column[] active = [.. columns.Select(name => mapper.OutputSchema[name])];
        using DataViewRowCursor cursor = input.GetRowCursor(mapper.GetDependencies(active));
        using DataViewRow row = mapper.GetRow(cursor, active);
        Func<string>[] readers = [.. active.Select(column => Reader(row, column))];
        var rows = new List<string>();
        while (cursor.MoveNext())
            rows.Add(string.Join(" | ", readers.Select(read => read())));
        return [.. rows];
    }

    /// <summary>A column's name, type and annotations with their values.</summary>
    public static string Describe(DataViewSchema.Column column)
    {
        string[] annotations = [.. column.Annotations.Schema.OrderBy(annotation => annotation.Name, StringComparer.Ordinal)
            .Select(annotation => $"{annotation.Name} {annotation.Type} = {ValueOf(column.Annotations, annotation)}")];
        return $"{column.Name}: {column.Type}; {string.Join("; ", annotations)}";
    }

    private static MethodInfo Method(string name) => typeof(Rows).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static IEnumerable<(ulong Id, string Text)> Read(DataViewRowCursor cursor, DataViewSchema.Column[] columns)
    {
        Func<string>[] readers = [.. columns.Select(column => Reader(cursor, column))];
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            yield return (id.Low, string.Join(" | ", readers.Select(read => read())));
        }
    }

    private static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) => column.Type is VectorDataViewType vector
        ? (Func<string>)s_vector.MakeGenericMethod(vector.ItemType.RawType).Invoke(null, [row, column])!
        : (Func<string>)s_scalar.MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            return Text(value);
        };
    }

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            get(ref value);
            return $"[{string.Join(", ", value.DenseValues().Select(Text))}]";
        };
    }

    private static string ValueOf(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        Type type = annotation.Type.RawType;
        object?[] arguments = [annotation.Name, type.IsValueType ? Activator.CreateInstance(type) : null];
        typeof(DataViewSchema.Annotations).GetMethod(nameof(annotations.GetValue))!.MakeGenericMethod(type)
            .Invoke(annotations, arguments);
        return arguments[1] switch
        {
            VBuffer<ReadOnlyMemory<char>> texts => string.Join(", ", texts.DenseValues()),
            var value => Text(value),
        };
    }

    private static string Text<T>(T value) => value switch
    {
        float number => BitConverter.SingleToInt32Bits(number).ToString("x8", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
