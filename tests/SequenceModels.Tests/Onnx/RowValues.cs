using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SequenceModels.Tests.Onnx;

/// <summary>The values of a column in all rows, as ML.NET and ONNX Runtime have them.</summary>
/// <param name="Type">The column's type.</param>
/// <param name="Rows">Of each row its values, one after the other.</param>
internal sealed record RowValues(DataViewType Type, IReadOnlyList<Array> Rows)
{
    /// <summary>What stands behind a row's last value where another row has more.</summary>
    private static readonly Dictionary<Type, object> Nothing = new()
    {
        [typeof(string)] = "\uffff", [typeof(float)] = float.NaN, [typeof(uint)] = uint.MaxValue, [typeof(bool)] = false,
    };

    public Type Element => Rows[0].GetType().GetElementType()!;

    public static RowValues Of(IDataView view, string column)
    {
        DataViewType type = view.Schema[column].Type;
        var vector = type as VectorDataViewType;
        DataViewType item = vector?.ItemType ?? type;
        return new RowValues(type, item switch
        {
            TextDataViewType => All<string>(view, column, vector),
            KeyDataViewType => All<uint>(view, column, vector),
            BooleanDataViewType => All<bool>(view, column, vector),
            _ => All<float>(view, column, vector),
        });
    }

    /// <summary>Some rows as one tensor.</summary>
    public NamedOnnxValue ToTensor(string name, IReadOnlyList<int> rows) => Rows[0] switch
    {
        string[] => Tensor<string>(name, rows),
        uint[] => Tensor<uint>(name, rows),
        bool[] => Tensor<bool>(name, rows),
        _ => Tensor<float>(name, rows),
    };

    /// <summary>What a tensor has for these rows, without what stands behind a row's last value.</summary>
    public List<Array> FromTensor(NamedOnnxValue tensor, IReadOnlyList<int> rows) => Rows[0] switch
    {
        string[] => Cut(tensor.AsTensor<string>(), rows),
        uint[] => Cut(tensor.AsTensor<uint>(), rows),
        bool[] => Cut(tensor.AsTensor<bool>(), rows),
        _ => Cut(tensor.AsTensor<float>(), rows),
    };

    private static List<Array> All<T>(IDataView view, string column, VectorDataViewType? vector) => vector is null
        ? [.. view.GetColumn<T>(column).Select(value => new[] { value })]
        : [.. view.GetColumn<T[]>(column).Select(values => values ?? [])];

    private NamedOnnxValue Tensor<T>(string name, IReadOnlyList<int> rows)
    {
        T[][] values = [.. rows.Select(row => (T[])Rows[row])];
        int most = values.Max(row => row.Length);
        T[] all = [.. values.SelectMany(row => row.Concat(Enumerable.Repeat((T)Nothing[typeof(T)], most - row.Length)))];
        int[] sizes = Type is VectorDataViewType { IsKnownSize: true } fixedSize ? [.. fixedSize.Dimensions] : [most];
        return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(all, [rows.Count, .. sizes]));
    }

    private List<Array> Cut<T>(Tensor<T> tensor, IReadOnlyList<int> rows)
    {
        T[] all = [.. tensor];
        int width = all.Length / rows.Count;
        return [.. rows.Select((row, i) =>
        {
            T[] own = all[(i * width)..((i + 1) * width)];
            int length = Type is VectorDataViewType { IsKnownSize: false } ? Rows[row].Length : width;
            Xunit.Assert.True(length <= width, $"row {row} has {length} values, and {width} in ONNX Runtime");
            if (typeof(T) != typeof(string))
                Xunit.Assert.All(own[length..], value => Xunit.Assert.Equal(Nothing[typeof(T)], value));
            return (Array)own[..length];
        })];
    }
}
