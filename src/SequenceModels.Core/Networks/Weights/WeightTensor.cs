using SequenceModels.Parameters;

namespace SequenceModels.Networks;

/// <summary>A tensor of a file of weights, and where its numbers stand in a network.</summary>
/// <param name="Name">In the file.</param>
/// <param name="Shape">Its dimensions, one or two.</param>
/// <param name="Read">Writes a row of the network's numbers into a span; of one dimension, all of it.</param>
/// <param name="Write">Takes a row into the network.</param>
internal sealed record WeightTensor(string Name, int[] Shape, Action<int, Span<float>> Read,
    WeightTensor.RowWriter Write)
{
    public delegate void RowWriter(int row, ReadOnlySpan<float> values);

    /// <summary>Whether a file may lack it; then it is zero.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Numbers of a row.</summary>
    public int RowLength => Shape[^1];

    public int Rows => Shape.Length == 1 ? 1 : Shape[0];
}

/// <summary>The numbers of a network by parameter, row, gate and unit.</summary>
internal sealed unsafe class WeightPlaces(ParameterSet parameters)
{
    private readonly Dictionary<string, Parameter> _parameters = parameters.All.ToDictionary(parameter => parameter.Name);

    public Parameter Find(string name) => _parameters[name];

    /// <summary>[G·H, rows]: the transpose of [rows, G·H], gates in another's order.</summary>
    /// <param name="name">In the file.</param>
    /// <param name="parameter">In the network.</param>
    /// <param name="order">Which of our gates stands at each place of the file's.</param>
    public WeightTensor Transposed(string name, string parameter, int[] order)
    {
        Parameter own = Find(parameter);
        return new WeightTensor(name, [order.Length * own.Units, own.Rows],
            (row, values) =>
            {
                for (int i = 0; i < values.Length; i++)
                    values[i] = At(own, i, order, row);
            },
            (row, values) =>
            {
                for (int i = 0; i < values.Length; i++)
                    At(own, i, order, row) = values[i];
            });
    }

    /// <summary>[rows, G·H], gates in another's order.</summary>
    /// <param name="name">In the file.</param>
    /// <param name="parameter">In the network.</param>
    /// <param name="order">Which of our gates stands at each place of the file's.</param>
    public WeightTensor Matrix(string name, string parameter, int[] order)
    {
        Parameter own = Find(parameter);
        return new WeightTensor(name, [own.Rows, order.Length * own.Units],
            (row, values) =>
            {
                for (int i = 0; i < values.Length; i++)
                    values[i] = At(own, row, order, i);
            },
            (row, values) =>
            {
                for (int i = 0; i < values.Length; i++)
                    At(own, row, order, i) = values[i];
            });
    }

    /// <summary>[G·H] a vector, added to what is there already, for the network may have the sum of two of the file's.</summary>
    /// <param name="name">In the file.</param>
    /// <param name="parameter">In the network.</param>
    /// <param name="order">Which of our gates stands at each place of the file's.</param>
    /// <param name="isOther">Whether it is what the file adds to another of its tensors, so that it is written as zero.</param>
    public WeightTensor Vector(string name, string parameter, int[] order, bool isOther = false)
    {
        Parameter own = Find(parameter);
        return new WeightTensor(name, [order.Length * own.Units],
            (_, values) =>
            {
                for (int i = 0; i < values.Length; i++)
                    values[i] = isOther ? 0 : At(own, 0, order, i);
            },
            (_, values) =>
            {
                for (int i = 0; i < values.Length; i++)
                    At(own, 0, order, i) += values[i];
            })
        { IsOptional = true };
    }

    private ref float At(Parameter parameter, int row, int[] order, int column) =>
        ref parameter.In(parameters.Values)[parameter.IndexOf(row, order[column / parameter.Units], column % parameter.Units)];
}
