using SequenceModels.Heads;
using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>
/// A CRF over the scores of steps: the marginals of each step's tags, by forward and backward sums, and the likeliest sequence of
/// tags, by Viterbi's algorithm. Each is two scans over the steps. Sums are brought to a largest term of 0 at each step, so that
/// floats suffice however long a sequence is.
/// </summary>
/// <remarks>The definitions stand at <see cref="CrfOutputLayer"/>.</remarks>
internal sealed class OnnxCrf
{
    /// <summary>The score of what constraints exclude: e to the power of it is 0 beside anything that may be.</summary>
    private const float Impossible = -1e30f;

    private readonly OnnxGraph _graph;
    private readonly OnnxSteps _steps;
    private readonly string _transitions, _start, _end, _first, _last, _initial;
    private readonly int _tags;

    /// <param name="spec">Of the network's outputs.</param>
    /// <param name="weights">The network's weights.</param>
    /// <param name="steps">The shape of the batch.</param>
    public OnnxCrf(OutputSpec spec, OnnxWeights weights, OnnxSteps steps)
    {
        (_graph, _steps, _tags) = (steps.Graph, steps, spec.NumberOfOutputs);
        string Scores(string name, Func<CrfConstraints, int, int, bool> allows)
        {
            OnnxTensor learned = weights.Matrix(name);
            return _graph.Weights(name, learned with
            {
                Dimensions = learned.Rows == 1 ? [_tags] : [_tags, _tags],
                Read = (row, values) =>
                {
                    learned.Read(row, values);
                    for (int tag = 0; spec.Constraints is { } constraints && tag < _tags; tag++)
                        if (!allows(constraints, row, tag))
                            values[tag] = Impossible;
                },
            });
        }
        _transitions = Scores("crf.transitions", (constraints, from, to) => constraints.Allows(from, to));
        _start = Scores("crf.start", (constraints, _, tag) => constraints.AllowsStart(tag));
        _end = Scores("crf.end", (constraints, _, tag) => constraints.AllowsEnd(tag));
        _first = _graph.Less(steps.Numbers, _graph.Integer(1));                                           // [T + 1, 1]
        _last = _graph.Reshape(_graph.Node("Equal",
            [steps.Numbers, _graph.Difference(steps.Lengths, _graph.Integers(1))]), 0, -1, 1);            // [T + 1, B, 1]
        _initial = _graph.Reshape(
            _graph.Expand(_graph.Number(0), _graph.Concat(0, steps.Batch, _graph.Integers(_tags))), -1, _tags);
    }

    /// <summary>[T + 1, B, K] the probability of each tag at each step, of scores [T + 1, B, K].</summary>
    public string Marginals(string scores)
    {
        OnnxBody forward = _graph.CreateBody();
        string before = forward.Input(OnnxElement.Float), score = forward.Input(OnnxElement.Float),
            isFirst = forward.Input(OnnxElement.Bool);
        string sums = forward.Node("ReduceLogSumExp", [Joined(forward, before, _tags, 1)], ("axes", [1L]), ("keepdims", 0));
        string alpha = Highest0(forward, forward.Sum(forward.Where(isFirst, _start, sums), score));
        forward.Output(alpha, OnnxElement.Float);
        forward.Output(alpha, OnnxElement.Float);
        string alphas = _graph.Nodes("Scan", 2, [_initial, scores, _first], ("num_scan_inputs", 2), ("body", forward))[1];

        OnnxBody backward = _graph.CreateBody();
        string message = backward.Input(OnnxElement.Float);
        score = backward.Input(OnnxElement.Float);
        string isLast = backward.Input(OnnxElement.Bool);
        sums = backward.Node("ReduceLogSumExp", [Joined(backward, message, 1, _tags)], ("axes", [2L]), ("keepdims", 0));
        string beta = backward.Where(isLast, _end, sums);
        backward.Output(Highest0(backward, backward.Sum(beta, score)), OnnxElement.Float);
        backward.Output(beta, OnnxElement.Float);
        string betas = _graph.Nodes("Scan", 2, [_initial, scores, _last], ("num_scan_inputs", 2), ("body", backward),
            ("scan_input_directions", [1L, 1L]), ("scan_output_directions", [1L]))[1];
        return _graph.Softmax(_graph.Sum(alphas, betas), rank: 3);
    }

    /// <summary>[T + 1, B] the tags of the likeliest sequence, of scores [T + 1, B, K].</summary>
    public string LikeliestTags(string scores)
    {
        OnnxBody forward = _graph.CreateBody();
        string before = forward.Input(OnnxElement.Float), score = forward.Input(OnnxElement.Float),
            isFirst = forward.Input(OnnxElement.Bool), there = forward.Input(OnnxElement.Bool);
        string joined = Joined(forward, before, _tags, 1);
        string best = forward.Sum(forward.Where(isFirst, _start, forward.ReduceMax(joined, 1)), score);
        forward.Output(forward.Where(there, Highest0(forward, best), before), OnnxElement.Float);
        // Beyond a sequence's end each tag leads to itself, so that the way back begins at the longest one's end for all.
        string same = forward.Reshape(forward.Range(forward.Integers(_tags)), 1, -1);
        forward.Output(forward.Where(there, forward.ArgMax(joined, 1), same), OnnxElement.Int64);
        string[] outputs = _graph.Nodes("Scan", 2, [_initial, scores, _first, _steps.MaskOfRows],
            ("num_scan_inputs", 3), ("body", forward));

        OnnxBody back = _graph.CreateBody();
        string tag = back.Input(OnnxElement.Int64), pointers = back.Input(OnnxElement.Int64);
        back.Output(back.Node("GatherElements", [pointers, tag], ("axis", 1)), OnnxElement.Int64);
        back.Output(tag, OnnxElement.Int64);
        string last = _graph.ArgMax(_graph.Sum(outputs[0], _end), 1, keeps: true);                        // [B, 1]
        string tags = _graph.Nodes("Scan", 2, [last, outputs[1]], ("num_scan_inputs", 1), ("body", back),
            ("scan_input_directions", [1L]), ("scan_output_directions", [1L]))[1];                        // [T + 1, B, 1]
        return _graph.ReshapeTo(tags, _graph.Concat(0, _steps.Padded, _steps.Batch));
    }

    /// <summary>[B, K, K] a score of each tag with that of its way to each other one.</summary>
    private string Joined(OnnxGraph graph, string scores, int rows, int columns) =>
        graph.Sum(graph.Reshape(scores, -1, rows, columns), _transitions);

    /// <summary>Scores [B, K] less the largest of each row.</summary>
    private static string Highest0(OnnxGraph graph, string scores) =>
        graph.Difference(scores, graph.ReduceMax(scores, 1, keeps: true));
}
