using SequenceModels.Cells;
using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>The states of recurrent layers: what they are after each step, and at each sequence's end.</summary>
/// <param name="EveryStep">[T + 1, B, D·H] after each step; zero beyond a sequence's end.</param>
/// <param name="Last">[B, D·H] where each direction ends; of an empty sequence what it began with.</param>
/// <param name="Next">
/// Of each layer h and, where the cell has it, c [B, H] after the last step; of networks that read forward.
/// </param>
internal sealed record OnnxStates(string EveryStep, string Last, IReadOnlyList<string> Next);

/// <summary>The recurrent layers of a network.</summary>
/// <param name="spec">The layers.</param>
/// <param name="layerName">What the parameters' names of the layer with a number from 1 begin with.</param>
/// <param name="weights">The network's weights.</param>
/// <param name="steps">The shape of the batch.</param>
internal sealed class OnnxStack(EncoderSpec spec, Func<int, string> layerName, OnnxWeights weights, OnnxSteps steps)
{
    private static readonly string[] s_directions = ["forward", "backward"];

    private readonly OnnxGraph _graph = steps.Graph;

    /// <summary>Names of one parameter of a layer in each direction.</summary>
    /// <param name="layer">What they begin with.</param>
    /// <param name="directions">1 or 2.</param>
    /// <param name="parameter">W, R, b, bR or P.</param>
    public static IEnumerable<string> NamesOf(string layer, int directions, string parameter) =>
        s_directions.Take(directions).Select(direction => $"{layer}.{direction}.{parameter}");

    /// <summary>The gates' order of the network's cell, as its parameters are written.</summary>
    public static IReadOnlyList<int> GateOrder(RecurrentCell cell) =>
        cell.Onnx?.GateOrder ?? [.. Enumerable.Range(0, cell.Gates)];

    /// <summary>The states of all layers one above the other.</summary>
    /// <param name="vectors">[T + 1, B, I].</param>
    /// <param name="states">Of each layer h and, where the cell has it, c [B, H] before the first step; null: zero.</param>
    /// <exception cref="NotSupportedException">The cell cannot be written as ONNX.</exception>
    public OnnxStates Read(string vectors, IReadOnlyList<string>? states)
    {
        RecurrentCell cell = RecurrentCells.Find(spec.Cell)!;
        int each = cell.HasCellState ? 2 : 1;
        var next = new List<string>();
        string last = "";
        for (int layer = 0; layer < spec.NumberOfLayers; layer++)
        {
            string[] before = states is null ? [] : [.. states.Skip(layer * each).Take(each)];
            OnnxStates made = cell.Onnx is { } operation ? Layer(operation, cell, layer, vectors, before)
                : cell is LayerNormLstmCell ? new OnnxLayerNormLstm(spec, layerName, weights, steps)
                    .Read(layer, vectors, before)
                : throw new NotSupportedException($"The cell '{cell.Name}' cannot be written as ONNX.");
            (vectors, last) = (made.EveryStep, made.Last);
            next.AddRange(made.Next);
        }
        return new OnnxStates(vectors, last, next);
    }

    /// <summary>The vectors [words, 2 H] of words by the states in which an LSTM over their characters ends.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">The network's weights.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="vectors">[C + 1, words, E].</param>
    /// <param name="lengths">[words] as floats.</param>
    public static string Words(OnnxGraph graph, OnnxWeights weights, string name, int hiddenSize, string vectors, string lengths)
    {
        OnnxCell cell = RecurrentCells.Find(LstmCell.CellName)!.Onnx!;
        string Gates(string parameter) =>
            graph.Weights($"{name}.{parameter}", weights.Gates([.. NamesOf(name, 2, parameter)], cell.GateOrder));
        string biases = graph.Weights($"{name}.B", weights.Vectors(
            [.. NamesOf(name, 2, "b").Select(b => new[] { b, "" })], cell.GateOrder, hiddenSize));
        string[] outputs = graph.Nodes(cell.Operator, 2,
            [vectors, Gates("W"), Gates("R"), biases, graph.Cast(lengths, OnnxElement.Int32)],
            ("hidden_size", hiddenSize), ("direction", "bidirectional"));
        return graph.Reshape(graph.Transpose(outputs[1], 1, 0, 2), -1, 2 * hiddenSize);
    }

    private OnnxStates Layer(OnnxCell operation, RecurrentCell cell, int layer, string vectors, string[] before)
    {
        int hidden = spec.HiddenSize, directions = spec.Directions;
        string name = layerName(layer + 1);
        string w = _graph.Weights($"{name}.W", InputWeights(layer, operation.GateOrder));
        string r = _graph.Weights($"{name}.R", weights.Gates([.. NamesOf(name, directions, "R")], operation.GateOrder));
        string b = _graph.Weights($"{name}.B", weights.Vectors(
            [.. NamesOf(name, directions, "b")
                .Zip(NamesOf(name, directions, "bR"), (own, recurrent) => new[] { own, recurrent })],
            operation.GateOrder, hidden));
        string[] initial = [.. before.Select(state => _graph.Reshape(state, 1, -1, hidden))];
        string[] peepholes = operation.PeepholeOrder is not { } order ? [] : [_graph.Weights($"{name}.P", weights.Vectors(
            [.. NamesOf(name, directions, "P").Select(p => new[] { p })], order, hidden))];
        string[] states = peepholes.Length == 0 ? initial : initial.Length == 0 ? ["", ""] : initial;
        string[] outputs = _graph.Nodes(operation.Operator, cell.HasCellState ? 3 : 2,
            [vectors, w, r, b, _graph.Cast(steps.Lengths, OnnxElement.Int32), .. states, .. peepholes],
            [("hidden_size", hidden), ("direction", directions == 2 ? "bidirectional" : "forward"),
            .. cell.SeparateProducts ? new OnnxAttribute[] { ("linear_before_reset", 1) } : []]);
        // [T + 1, D, B, H] to [T + 1, B, D·H], and [D, B, H] to [B, D·H]
        string every = _graph.Reshape(_graph.Transpose(outputs[0], 0, 2, 1, 3), 0, 0, directions * hidden);
        string[] ends = [.. outputs.Skip(1).Select((state, i) =>
        {
            string end = _graph.Reshape(_graph.Transpose(state, 1, 0, 2), -1, directions * hidden);
            return before.Length == 0 ? end : _graph.Where(steps.HasSteps(), end, before[i]);
        })];
        return new OnnxStates(every, ends[0], ends);
    }

    /// <summary>[D, G·H, I] of a layer.</summary>
    private OnnxTensor InputWeights(int layer, IReadOnlyList<int> order)
    {
        if (layer > 0 || !OnnxInputs.ArePicked(spec))
            return weights.Gates([.. NamesOf(layerName(layer + 1), spec.Directions, "W")], order);
        int directions = spec.Directions, width = order.Count * spec.HiddenSize;
        return new OnnxTensor([directions, width, directions * width], directions * width, (row, values) =>
        {
            values.Clear();
            values[row] = 1; // direction d's gate k is number d·G·H + k of what a token puts in
        });
    }
}
