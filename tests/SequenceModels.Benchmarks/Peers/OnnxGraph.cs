using SequenceModels.Tests.Onnx;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>A workload's network as an ONNX model with random weights: embedding, recurrent layers, dense layer.</summary>
/// <remarks>Input x, output y. A streaming model also takes h and c and gives them for the next step.</remarks>
internal static class OnnxGraph
{
    public static byte[] Write(Workload workload)
    {
        var random = new Random(7);
        float[] Random(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 0.2f)];
        int t = workload.Steps, b = workload.Batch, h = workload.HiddenSize, d = workload.Directions, gates = workload.Gates * h;
        var nodes = new List<ProtobufMessage>();
        var weights = new List<ProtobufMessage>();

        string states = "x";
        if (workload.Input == StepInput.Embedding)
        {
            nodes.Add(OnnxModel.Node("Gather", ["embedding", "x"], [states = "embedded"]));
            weights.Add(OnnxModel.Weights("embedding", Random(workload.InputSize * workload.EmbeddingSize), workload.InputSize,
                workload.EmbeddingSize));
        }
        for (int layer = 0; layer < workload.Layers; layer++)
        {
            int input = layer == 0 ? workload.FirstInput : d * h;
            // What is not needed has no name, and is not computed: all states where only the last one is read on.
            bool allStates = layer + 1 < workload.Layers || workload.Output == OutputKind.ClassPerStep;
            string[] state = workload.Streaming ? ["", "h", "c"] : [];
            string[] outputs = workload.Streaming ? ["Y0", "h_next", "c_next"] : allStates ? [$"Y{layer}"] : ["", "H"];
            nodes.Add(OnnxModel.Node(workload.Cell, [states, $"W{layer}", $"R{layer}", $"B{layer}", .. state], outputs,
                Attributes(workload)));
            if (allStates)
            {
                // [T, D, B, H] to [T, B, D·H]
                nodes.Add(OnnxModel.Node("Transpose", [$"Y{layer}"], [$"Z{layer}"], OnnxModel.Attribute("perm", [0, 2, 1, 3])));
                nodes.Add(OnnxModel.Node("Reshape", [$"Z{layer}", "states_shape"], [states = $"S{layer}"]));
            }
            weights.Add(OnnxModel.Weights($"W{layer}", Random(d * gates * input), d, gates, input));
            weights.Add(OnnxModel.Weights($"R{layer}", Random(d * gates * h), d, gates, h));
            weights.Add(OnnxModel.Weights($"B{layer}", Random(d * 2 * gates), d, 2 * gates));
        }
        weights.Add(OnnxModel.Shape("states_shape", t, b, d * h));
        if (workload.Output != OutputKind.ClassPerStep)
        {
            // [1, B, H] to [B, H]
            nodes.Add(OnnxModel.Node("Reshape", ["H", "last_shape"], [states = "last"]));
            weights.Add(OnnxModel.Shape("last_shape", b, d * h));
        }
        nodes.Add(OnnxModel.Node("MatMul", [states, "V"], ["product"]));
        // Classes are scored by probabilities, as ours are.
        bool classes = workload.Output == OutputKind.ClassPerStep;
        nodes.Add(OnnxModel.Node("Add", ["product", "bias"], [classes ? "logits" : "y"]));
        if (classes)
            nodes.Add(OnnxModel.Node("Softmax", ["logits"], ["y"]));
        weights.Add(OnnxModel.Weights("V", Random(d * h * workload.Outputs), d * h, workload.Outputs));
        weights.Add(OnnxModel.Weights("bias", Random(workload.Outputs), workload.Outputs));
        return OnnxModel.Write(nodes, weights, Inputs(workload), Outputs(workload));
    }

    private static ProtobufMessage[] Attributes(Workload workload) =>
    [
        OnnxModel.Attribute("hidden_size", workload.HiddenSize),
        OnnxModel.Attribute("direction", workload.Bidirectional ? "bidirectional" : "forward"),
        .. workload.Cell == "GRU" ? [OnnxModel.Attribute("linear_before_reset", 1)] : Array.Empty<ProtobufMessage>(),
    ];

    private static IEnumerable<ProtobufMessage> Inputs(Workload workload) =>
    [
        workload.Input == StepInput.Embedding
            ? OnnxModel.Int64Value("x", workload.Steps, workload.Batch)
            : OnnxModel.FloatValue("x", workload.Steps, workload.Batch, workload.InputSize),
        .. workload.Streaming ? State(workload, "h", "c") : [],
    ];

    private static IEnumerable<ProtobufMessage> Outputs(Workload workload) =>
    [
        workload.Output == OutputKind.ClassPerStep
            ? OnnxModel.FloatValue("y", workload.Steps, workload.Batch, workload.Outputs)
            : OnnxModel.FloatValue("y", workload.Batch, workload.Outputs),
        .. workload.Streaming ? State(workload, "h_next", "c_next") : [],
    ];

    private static IEnumerable<ProtobufMessage> State(Workload workload, params string[] names) =>
        names.Select(name => OnnxModel.FloatValue(name, workload.Directions, workload.Batch, workload.HiddenSize));
}
