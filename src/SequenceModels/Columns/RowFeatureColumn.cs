using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Sequences;

namespace SequenceModels.Columns;

/// <summary>A column of numbers that a row has as a whole, beside its sequence.</summary>
internal sealed class RowFeatureColumn
{
    private RowFeatureColumn(DataViewSchema.Column column) => Column = column;

    public DataViewSchema.Column Column { get; }

    /// <summary>F: how many numbers.</summary>
    public int Size => NumbersReader.SizeOf(Column);

    /// <summary>The names of the slots; none where they have no names, or not one for each.</summary>
    public ReadOnlyMemory<char>[] SlotNames =>
        Column.Annotations.VectorOrNull<ReadOnlyMemory<char>>(AnnotationNames.SlotNames, TextDataViewType.Instance) is
        { } names && names.Length == Size ? names : [];

    /// <summary>The column; null where no name is given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or has another type.</exception>
    public static RowFeatureColumn? Bind(DataViewSchema schema, string? name) =>
        name is null ? null : new(schema.Find(name, NumbersReader.Rule));

    /// <summary>The column as a trained network needs it; null where the network reads none.</summary>
    /// <param name="schema">Where it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="size">How many numbers it had in training.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or has more or fewer numbers.</exception>
    public static RowFeatureColumn? Bind(DataViewSchema schema, string? name, int size)
    {
        RowFeatureColumn? column = Bind(schema, name);
        return column is null || column.Size == size ? column : throw new ArgumentOutOfRangeException(nameof(schema),
            $"Column '{name}' has {Counted.Of(column.Size, "number")}, but the model was trained on {InvariantText.Of(size)}. " +
            "Prepare the data with the transforms that were fitted for training.");
    }

    public RowFeatureReader CreateReader(DataViewRow row) => new(Column, row);
}

/// <summary>Reads such a column of one row or cursor. Sparse and dense vectors give the same.</summary>
internal sealed class RowFeatureReader
{
    private delegate void Getter(ref VBuffer<float> numbers);

    private readonly DataViewSchema.Column _column;
    private readonly DataViewRow _row;
    private readonly Getter _get;
    private VBuffer<float> _numbers;

    public RowFeatureReader(DataViewSchema.Column column, DataViewRow row)
    {
        (_column, _row) = (column, row);
        _get = column.Type is VectorDataViewType ? row.GetGetter<VBuffer<float>>(column).Invoke : OfNumber(row, column);
    }

    /// <summary>Reads the row's numbers.</summary>
    /// <exception cref="InvalidOperationException">One is NaN or infinite.</exception>
    public void Read()
    {
        _get(ref _numbers);
        ReadOnlySpan<float> values = _numbers.GetValues();
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i]))
                throw new InvalidOperationException(
                    Invariant($"Column '{_column.Name}', row {_row.Position} (counted from 0): slot ") +
                    Invariant($"{(_numbers.IsDense ? i : _numbers.GetIndices()[i])} is {values[i]}. Remove such rows or ") +
                    "replace such values (ReplaceMissingValues) before.");
    }

    /// <summary>Gives the row that a data set closes next what was read last.</summary>
    public void SetIn(SequenceDataset data)
    {
        if (_numbers.IsDense)
            data.RowFeatures.Set(_numbers.GetValues());
        else
            data.RowFeatures.Set(_numbers.GetIndices(), _numbers.GetValues());
    }

    private static Getter OfNumber(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<float> get = row.GetGetter<float>(column);
        return (ref VBuffer<float> numbers) =>
        {
            VBufferEditor<float> editor = VBufferEditor.Create(ref numbers, 1);
            get(ref editor.Values[0]);
            numbers = editor.Commit();
        };
    }
}
