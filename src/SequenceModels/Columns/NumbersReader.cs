using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Columns;

/// <summary>The numbers of a step: those of some columns of a row, one after the other.</summary>
internal sealed class NumbersReader
{
    private delegate void ColumnReader(Span<float> numbers);

    private readonly (ColumnReader Read, int Size)[] _columns;

    /// <summary>One number, or a fixed number of them.</summary>
    public static ColumnRule Rule { get; } =
        new("a Single or a vector of Single of fixed size (ConvertType makes Single of other numbers)",
            column => column.Kind != SchemaShape.Column.VectorKind.VariableVector && !column.IsKey &&
                column.ItemType == NumberDataViewType.Single);

    /// <param name="row">Where the columns are read.</param>
    /// <param name="columns">Active columns that <see cref="Rule"/> accepts.</param>
    public NumbersReader(DataViewRow row, IEnumerable<DataViewSchema.Column> columns) =>
        _columns = [.. columns.Select(column =>
            (column.Type is VectorDataViewType ? OfVector(row, column) : OfNumber(row, column), SizeOf(column)))];

    /// <summary>How many numbers a row has in a column.</summary>
    public static int SizeOf(DataViewSchema.Column column) => column.Type is VectorDataViewType vector ? vector.Size : 1;

    /// <summary>Fills numbers [F] with those of the present row.</summary>
    public void Read(Span<float> numbers)
    {
        foreach ((ColumnReader read, int size) in _columns)
        {
            read(numbers[..size]);
            numbers = numbers[size..];
        }
    }

    private static ColumnReader OfNumber(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<float> get = row.GetGetter<float>(column);
        return numbers => get(ref numbers[0]);
    }

    private static ColumnReader OfVector(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<float>> get = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> value = default;
        return numbers =>
        {
            get(ref value);
            value.CopyTo(numbers);
        };
    }
}
