using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>
/// Layers of LSTMs with layer normalisation, which ONNX has no operator for: a scan over the steps, for each direction one.
/// </summary>
/// <param name="spec">The layers.</param>
/// <param name="layerName">What the parameters' names of the layer with a number from 1 begin with.</param>
/// <param name="weights">The network's weights.</param>
/// <param name="steps">The shape of the batch.</param>
/// <remarks>The equations stand at <see cref="Cells.LayerNormLstmCell"/>.</remarks>
internal sealed class OnnxLayerNormLstm(EncoderSpec spec, Func<int, string> layerName, OnnxWeights weights, OnnxSteps steps)
{
    private const int Gates = 4;
    private const float Epsilon = 1e-5f;

    private readonly OnnxGraph _graph = steps.Graph;
    private readonly int _hidden = spec.HiddenSize;

    /// <summary>The states of a layer.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="vectors">[T + 1, B, I].</param>
    /// <param name="before">h and c [B, H] before the first step; empty: zero.</param>
    public OnnxStates Read(int layer, string vectors, string[] before)
    {
        string name = layerName(layer + 1);
        int directions = spec.Directions;
        if (before.Length == 0)
        {
            string zero = _graph.Reshape(
                _graph.Expand(_graph.Number(0), _graph.Concat(0, steps.Batch, _graph.Integers(_hidden))), -1, _hidden);
            before = [zero, zero];
        }
        var every = new string[directions];
        var ends = new string[directions];
        string[] next = [];
        for (int d = 0; d < directions; d++)
        {
            string[] outputs = Scan($"{name}.{(d == 0 ? "forward" : "backward")}", layer, d, vectors, before);
            (next, ends[d], every[d]) = (outputs[..2], outputs[0], outputs[2]);
        }
        return new OnnxStates(_graph.Concat(2, every), _graph.Concat(1, ends), next);
    }

    /// <summary>h and c at the end, and h after each step.</summary>
    private string[] Scan(string name, int layer, int direction, string vectors, string[] before)
    {
        OnnxTensor own = weights.Vector($"{name}.P");
        string parameters = _graph.Weights($"{name}.P", own);
        string Part(int from, int count) => _graph.Slice(parameters, 0, (long)from * _hidden, (long)(from + count) * _hidden);
        string inputGain = Part(0, Gates), recurrentGain = Part(4, Gates), shift = Part(8, Gates),
            stateGain = Part(12, 1), stateShift = Part(13, 1);
        string recurrent = _graph.Weights($"{name}.R", weights.Matrix($"{name}.R"));
        string input = layer == 0 && OnnxInputs.ArePicked(spec)
            ? _graph.Slice(vectors, 2, (long)direction * Gates * _hidden, (long)(direction + 1) * Gates * _hidden)
            : _graph.MatMul(vectors, _graph.Weights($"{name}.W", weights.Matrix($"{name}.W")));
        input = _graph.Sum(_graph.Product(Normal(_graph, input, 2), inputGain), shift); // [T + 1, B, 4 H]

        OnnxBody body = _graph.CreateBody();
        string h = body.Input(OnnxElement.Float), c = body.Input(OnnxElement.Float), wx = body.Input(OnnxElement.Float),
            there = body.Input(OnnxElement.Bool);
        string all = body.Sum(wx, body.Product(Normal(body, body.MatMul(h, recurrent), 1), recurrentGain));
        string Gate(int gate) => body.Slice(all, 1, (long)gate * _hidden, (long)(gate + 1) * _hidden);
        string state = body.Sum(body.Product(body.Sigmoid(Gate(1)), c),
            body.Product(body.Sigmoid(Gate(0)), body.Tanh(Gate(2))));
        string shown = body.Tanh(body.Sum(body.Product(Normal(body, state, 1), stateGain), stateShift));
        string made = body.Product(body.Sigmoid(Gate(3)), shown);
        body.Output(body.Where(there, made, h), OnnxElement.Float);
        body.Output(body.Where(there, state, c), OnnxElement.Float);
        body.Output(body.Where(there, made, body.Number(0)), OnnxElement.Float);
        return _graph.Nodes("Scan", 3, [before[0], before[1], input, steps.MaskOfRows],
            ("num_scan_inputs", 2), ("body", body),
            ("scan_input_directions", [direction, direction]), ("scan_output_directions", [direction]));
    }

    /// <summary>(a - mean) / sqrt(variance + 1e-5) over the last axis.</summary>
    private static string Normal(OnnxGraph graph, string a, int axis)
    {
        string centred = graph.Difference(a, graph.ReduceMean(a, axis, keeps: true));
        string variance = graph.ReduceMean(graph.Product(centred, centred), axis, keeps: true);
        return graph.Quotient(centred, graph.Node("Sqrt", [graph.Sum(variance, graph.Number(Epsilon))]));
    }
}
