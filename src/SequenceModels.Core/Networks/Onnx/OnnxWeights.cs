using SequenceModels.Onnx;
using SequenceModels.Parameters;

namespace SequenceModels.Networks;

/// <summary>A network's parameters as the operators of ONNX have them.</summary>
internal sealed unsafe class OnnxWeights
{
    private readonly Dictionary<string, Parameter> _parameters;
    private readonly Dictionary<string, string> _tables = []; // names in the graph
    private readonly ParameterSet _all;

    /// <param name="parameters">Of the network.</param>
    /// <exception cref="ArithmeticException">A weight is NaN or infinite.</exception>
    public OnnxWeights(ParameterSet parameters)
    {
        _all = parameters;
        _parameters = parameters.All.ToDictionary(parameter => parameter.Name);
        foreach (Parameter parameter in parameters.All)
            RequireFinite(parameter);
    }

    /// <summary>Whether there is such a parameter.</summary>
    public bool Has(string name) => _parameters.ContainsKey(name);

    /// <summary>[rows, units] of a matrix without gates, or gates beside each other.</summary>
    public OnnxTensor Matrix(string name)
    {
        Parameter parameter = _parameters[name];
        int width = parameter.Gates * parameter.Units;
        return new OnnxTensor([parameter.Rows, width], width, (row, values) => ReadRow(parameter, row, values));
    }

    /// <summary>The name that such a matrix has in a graph, which gets it once however often it is read.</summary>
    public string Table(OnnxGraph graph, string name)
    {
        if (!_tables.TryGetValue(name, out string? given))
            _tables.Add(name, given = graph.Weights(name, Matrix(name)));
        return given;
    }

    /// <summary>[gates * units] of a parameter that is one row.</summary>
    public OnnxTensor Vector(string name) => Matrix(name) is var row ? row with { Dimensions = [row.RowLength] } : row;

    /// <summary>[D, G·H, rows], for each direction the transpose of [rows, G·H], gates in the order of ONNX.</summary>
    /// <param name="names">Of the parameters, one for each direction.</param>
    /// <param name="order">Which of our gates stands at each place.</param>
    public OnnxTensor Gates(IReadOnlyList<string> names, IReadOnlyList<int> order)
    {
        Parameter[] parameters = [.. names.Select(name => _parameters[name])];
        int rows = parameters[0].Rows, units = parameters[0].Units, width = order.Count * units;
        return new OnnxTensor([parameters.Length, width, rows], rows, (at, values) =>
        {
            Parameter parameter = parameters[at / width];
            float* data = parameter.In(_all.Values);
            for (int row = 0; row < rows; row++)
                values[row] = data[parameter.IndexOf(row, order[at % width / units], at % units)];
        });
    }

    /// <summary>
    /// [D, parts·G·H] vectors side by side, such as the biases of both products; of a part that is missing, zeros.
    /// </summary>
    /// <param name="names">Of the parameters, for each direction all parts.</param>
    /// <param name="order">Which of our vectors stands at each place of a part.</param>
    /// <param name="units">H.</param>
    public OnnxTensor Vectors(IReadOnlyList<string[]> names, IReadOnlyList<int> order, int units)
    {
        int part = order.Count * units, width = names[0].Length * part;
        return new OnnxTensor([names.Count, width], width, (direction, values) =>
        {
            values.Clear();
            for (int i = 0; i < names[direction].Length; i++)
                if (_parameters.TryGetValue(names[direction][i], out Parameter? parameter))
                    for (int place = 0; place < order.Count; place++)
                        parameter.Read(_all.Values, 0, order[place], values.Slice(i * part + place * units, units));
        });
    }

    /// <summary>
    /// [V + 1, D·G·H] what each key of one-hot tokens puts into the gates of each direction, in the order of ONNX; of an unknown
    /// token, zero.
    /// </summary>
    public OnnxTensor OneHotProducts(IReadOnlyList<string> names, IReadOnlyList<int> order)
    {
        Parameter[] parameters = [.. names.Select(name => _parameters[name])];
        int units = parameters[0].Units, width = order.Count * units;
        return new OnnxTensor([parameters[0].Rows + 1, names.Count * width], names.Count * width, (key, values) =>
        {
            values.Clear();
            for (int d = 0; key > 0 && d < parameters.Length; d++)
                for (int place = 0; place < order.Count; place++)
                    parameters[d].Read(_all.Values, key - 1, order[place], values.Slice(d * width + place * units, units));
        });
    }

    private void ReadRow(Parameter parameter, int row, Span<float> values)
    {
        for (int gate = 0; gate < parameter.Gates; gate++)
            parameter.Read(_all.Values, row, gate, values.Slice(gate * parameter.Units, parameter.Units));
    }

    private void RequireFinite(Parameter parameter)
    {
        var values = new ReadOnlySpan<float>();
        for (long at = 0; at < parameter.Length; at += values.Length)
        {
            values = new ReadOnlySpan<float>(parameter.In(_all.Values) + at, (int)Math.Min(1 << 20, parameter.Length - at));
            if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(values))
                throw new ArithmeticException(
                    $"The weights '{parameter.Name}' have a number that is NaN or infinite: the network " +
                    "gives no scores, here or elsewhere. Train again with a smaller LearningRate.");
        }
    }
}
