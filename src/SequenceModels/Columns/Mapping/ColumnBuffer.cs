using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Columns;

/// <summary>
/// The values of one column in consecutive rows, kept while the cursor that they came from moves on. What a getter throws is kept
/// like a value: whoever asks for that row's value gets it then.
/// </summary>
internal abstract class ColumnBuffer
{
    private static readonly MethodInfo Values = Method(nameof(OfValues)), Vectors = Method(nameof(OfVectors));

    /// <summary>A buffer for a column of any type.</summary>
    /// <param name="input">The cursor that the column is read from.</param>
    /// <param name="column">One of its active columns.</param>
    public static ColumnBuffer Of(DataViewRow input, DataViewSchema.Column column)
    {
        Type type = column.Type.RawType;
        MethodInfo make = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? Vectors.MakeGenericMethod(type.GetGenericArguments())
            : Values.MakeGenericMethod(type);
        return (ColumnBuffer)make.Invoke(null, [input, column])!;
    }

    /// <summary>A buffer for the rows' ids.</summary>
    public static ColumnBuffer<DataViewRowId> OfIds(DataViewRow input) => new ValueBuffer<DataViewRowId>(new(input.GetIdGetter));

    /// <summary>A second buffer with rows of its own that reads by the same getter: a getter may count its calls.</summary>
    public abstract ColumnBuffer Another();

    /// <summary>
    /// Keeps the value that the cursor stands on as that of row <paramref name="row"/>. Rows are read in order, from 0.
    /// </summary>
    public abstract void Read(int row);

    private static MethodInfo Method(string name) =>
        typeof(ColumnBuffer).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static ValueBuffer<T> OfValues<T>(DataViewRow input, DataViewSchema.Column column) =>
        new(new(() => input.GetGetter<T>(column)));

    private static VectorBuffer<T> OfVectors<T>(DataViewRow input, DataViewSchema.Column column) =>
        new(new(() => input.GetGetter<VBuffer<T>>(column)));
}

/// <summary>The values of a column whose type is known.</summary>
internal abstract class ColumnBuffer<T>(Lazy<ValueGetter<T>> getter) : ColumnBuffer
{
    private T[] _values = [];
    private ExceptionDispatchInfo?[] _errors = [];

    protected Lazy<ValueGetter<T>> Getter { get; } = getter;

    public sealed override void Read(int row)
    {
        if (row == _values.Length)
        {
            Array.Resize(ref _values, Math.Max(1, 2 * row));
            Array.Resize(ref _errors, _values.Length);
        }
        _errors[row] = null;
        try
        {
            Read(Getter.Value, ref _values[row]);
        }
        catch (Exception e)
        {
            _errors[row] = ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>Gives the value of a row, or throws what its getter threw.</summary>
    public void Get(int row, ref T value)
    {
        _errors[row]?.Throw();
        Copy(in _values[row], ref value);
    }

    protected abstract void Read(ValueGetter<T> get, ref T kept);

    protected abstract void Copy(in T kept, ref T value);
}

/// <summary>Values that are copied by assignment.</summary>
internal sealed class ValueBuffer<T>(Lazy<ValueGetter<T>> getter) : ColumnBuffer<T>(getter)
{
    public override ValueBuffer<T> Another() => new(Getter);

    // A getter may dispose or overwrite the object that it is handed; the last block's belongs to whoever asked for it.
    protected override void Read(ValueGetter<T> get, ref T kept)
    {
        T value = default!;
        get(ref value);
        kept = value;
    }

    protected override void Copy(in T kept, ref T value) => value = kept;
}

/// <summary>Vectors: the getter's, the kept one and the reader's never share an array.</summary>
internal sealed class VectorBuffer<T>(Lazy<ValueGetter<VBuffer<T>>> getter) : ColumnBuffer<VBuffer<T>>(getter)
{
    private VBuffer<T> _read;

    public override VectorBuffer<T> Another() => new(Getter);

    protected override void Read(ValueGetter<VBuffer<T>> get, ref VBuffer<T> kept)
    {
        get(ref _read);
        _read.CopyTo(ref kept);
    }

    protected override void Copy(in VBuffer<T> kept, ref VBuffer<T> value) => kept.CopyTo(ref value);
}
