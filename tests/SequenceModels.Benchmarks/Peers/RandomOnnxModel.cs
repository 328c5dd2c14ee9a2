using System.Globalization;
using SequenceModels.Onnx;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>A workload's network as an ONNX model with random weights: embedding, recurrent layers, dense layer.</summary>
/// <remarks>Input x, output y. A streaming model also takes h and c and gives them for the next step.</remarks>
internal static class RandomOnnxModel
{
    public static byte[] Write(Workload workload)
    {
        var random = new Random(7);
        var model = new OnnxModelFile();
        string Weights(string name, params int[] dimensions) => model.Weights(name, OnnxTensor.Of(
            [.. Enumerable.Range(0, dimensions.Aggregate(1, (a, b) => a * b)).Select(_ => (random.NextSingle() - 0.5f) * 0.2f)],
            dimensions));
        int t = workload.Steps, b = workload.Batch, h = workload.HiddenSize, d = workload.Directions, gates = workload.Gates * h;
        string states = workload.Input == StepInput.Embedding
            ? model.Gather(Weights("embedding", workload.InputSize, workload.EmbeddingSize),
                model.Input("x", OnnxElement.Int64, "", Texts(t, b)))
            : model.Input("x", OnnxElement.Float, "", Texts(t, b, workload.InputSize));
        string[] before = !workload.Streaming ? []
            : ["", model.Input("h", OnnxElement.Float, "", Texts(d, b, h)), model.Input("c", OnnxElement.Float, "", Texts(d, b, h))];
        for (int layer = 0; layer < workload.Layers; layer++)
        {
            int input = layer == 0 ? workload.FirstInput : d * h;
            // What is not needed has no name, and is not computed: all states where only the last one is read on.
            bool allStates = layer + 1 < workload.Layers || workload.Output == OutputKind.ClassPerStep;
            string[] outputs = workload.Streaming ? [model.NewName("Y"), "h_last", "c_last"]
                : allStates ? [model.NewName("Y")] : ["", model.NewName("H")];
            model.Add(workload.Cell, "", [states, Weights($"W{layer}", d, gates, input), Weights($"R{layer}", d, gates, h),
                Weights($"B{layer}", d, 2 * gates), .. before], outputs,
                [("hidden_size", h), ("direction", workload.Bidirectional ? "bidirectional" : "forward"),
                .. workload.Cell == "GRU" ? new OnnxAttribute[] { ("linear_before_reset", 1) } : []]);
            states = allStates ? model.Reshape(model.Transpose(outputs[0], 0, 2, 1, 3), t, b, d * h)  // [T, B, D·H]
                : model.Reshape(outputs[1], b, d * h);                                                // [B, D·H]
        }
        string y = model.Sum(model.MatMul(states, Weights("V", d * h, workload.Outputs)), Weights("bias", workload.Outputs));
        // Classes are scored by probabilities, as ours are.
        bool classes = workload.Output == OutputKind.ClassPerStep;
        model.Output("y", classes ? model.Softmax(y, rank: 3) : y, OnnxElement.Float, "",
            classes ? Texts(t, b, workload.Outputs) : Texts(b, workload.Outputs));
        if (workload.Streaming)
        {
            model.Output("h_next", "h_last", OnnxElement.Float, "", Texts(d, b, h));
            model.Output("c_next", "c_last", OnnxElement.Float, "", Texts(d, b, h));
        }
        using var stream = new MemoryStream();
        model.ToMessage("recurrent", "1").WriteTo(stream);
        return stream.ToArray();
    }

    private static string[] Texts(params int[] sizes) =>
        Array.ConvertAll(sizes, size => size.ToString(CultureInfo.InvariantCulture));
}
