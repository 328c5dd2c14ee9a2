using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SequenceModels.Cells;
using SequenceModels.Onnx;

namespace SequenceModels.Tests.Onnx;

/// <summary>One recurrent layer computed by ONNX Runtime.</summary>
internal static class OnnxRecurrent
{
    /// <summary>
    /// The states [B][T][D·H] of a layer over ragged inputs [B][T][I], each sequence at least one step long.
    /// Two directions run both ways; one runs forward, or from the end where <paramref name="reverse"/>.
    /// </summary>
    /// <param name="cell">What the cell is in ONNX.</param>
    /// <param name="directions">
    /// For each: W [I, G·H], R [H, G·H], b, bR and P of one row, columns gate-major in our order.
    /// </param>
    /// <param name="sequences">What it reads.</param>
    /// <param name="reverse">Whether one direction runs from the end.</param>
    public static double[][][] Run(OnnxCell cell, IReadOnlyDictionary<string, double[,]>[] directions, double[][][] sequences,
        bool reverse = false)
    {
        int steps = sequences.Max(s => s.Length), inputs = directions[0]["W"].GetLength(0), hidden = directions[0]["R"]
            .GetLength(0);
        using var session = new InferenceSession(Model(cell, directions, reverse));
        var x = new DenseTensor<float>([steps, sequences.Length, inputs]);
        for (int b = 0; b < sequences.Length; b++)
            for (int t = 0; t < sequences[b].Length; t++)
                for (int i = 0; i < inputs; i++)
                    x[t, b, i] = (float)sequences[b][t][i];
        var lengths = new DenseTensor<int>(sequences.Select(s => s.Length).ToArray(), [sequences.Length]);
        using var results =
            session.Run([NamedOnnxValue.CreateFromTensor("X", x), NamedOnnxValue.CreateFromTensor("lengths", lengths)]);
        Tensor<float> y = results.First(r => r.Name == "Y").AsTensor<float>(); // [T, D, B, H]
        double[] State(int b, int t) =>
            [.. Enumerable.Range(0, directions.Length * hidden).Select(j => (double)y[t, j / hidden, b, j % hidden])];
        return [.. sequences.Select((s, b) => Enumerable.Range(0, s.Length).Select(t => State(b, t)).ToArray())];
    }

    private static byte[] Model(OnnxCell cell, IReadOnlyDictionary<string, double[,]>[] directions, bool reverse)
    {
        int inputs = directions[0]["W"].GetLength(0), hidden = directions[0]["R"].GetLength(0), width = directions[0]["R"]
            .GetLength(1);
        var model = new OnnxModelFile();
        string x = model.Input("X", OnnxElement.Float, "", "steps", "batch", $"{inputs}");
        string lengths = model.Input("lengths", OnnxElement.Int32, "", "batch");
        string w = Weights("W", d => Transposed(d["W"], cell.GateOrder), directions.Length, width, inputs);
        string r = Weights("R", d => Transposed(d["R"], cell.GateOrder), directions.Length, width, hidden);
        string b = Weights("B", d => Biases(d, cell.GateOrder), directions.Length, 2 * width);
        string[] peepholes = cell.PeepholeOrder is not { } order ? []
            : ["", "", Weights("P", d => Transposed(d["P"], order), directions.Length, order.Count * hidden)];
        string y = model.Node(cell.Operator, [x, w, r, b, lengths, .. peepholes],
            [("hidden_size", hidden), ("direction", directions.Length == 2 ? "bidirectional" : reverse ? "reverse" : "forward"),
            // no other operator has the attribute
            .. cell.Operator == "GRU" ? new OnnxAttribute[] { ("linear_before_reset", 1) } : []]);
        model.Output("Y", y, OnnxElement.Float, "", "steps", $"{directions.Length}", "batch", $"{hidden}");
        using var stream = new MemoryStream();
        model.ToMessage("recurrent", "1").WriteTo(stream);
        return stream.ToArray();

        string Weights(string name, Func<IReadOnlyDictionary<string, double[,]>, IEnumerable<float>> of,
            params int[] dimensions) =>
            model.Weights(name, OnnxTensor.Of([.. directions.SelectMany(of)], dimensions));
    }

    /// <summary>[rows, G·H] in our gate order becomes [G·H, rows] in that of ONNX.</summary>
    private static IEnumerable<float> Transposed(double[,] matrix, IReadOnlyList<int> order)
    {
        int rows = matrix.GetLength(0), hidden = matrix.GetLength(1) / order.Count;
        return from gate in order
               from unit in Enumerable.Range(0, hidden)
               from row in Enumerable.Range(0, rows)
               select (float)matrix[row, gate * hidden + unit];
    }

    private static IEnumerable<float> Biases(IReadOnlyDictionary<string, double[,]> direction, IReadOnlyList<int> order) =>
        Transposed(direction["b"], order).Concat(
            Transposed(direction.TryGetValue("bR", out double[,]? recurrent) ? recurrent
                : new double[1, direction["b"].Length], order));
}
