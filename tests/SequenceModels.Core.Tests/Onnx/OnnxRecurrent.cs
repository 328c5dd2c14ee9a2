using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SequenceModels.Cells;
using SequenceModels.Parameters;

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
        using var session = new InferenceSession(Model(cell, directions, steps, sequences.Length, reverse));
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

    private static byte[] Model(OnnxCell cell, IReadOnlyDictionary<string, double[,]>[] directions, int steps, int batch,
        bool reverse)
    {
        int inputs = directions[0]["W"].GetLength(0), hidden = directions[0]["R"].GetLength(0), width = directions[0]["R"]
            .GetLength(1);
        var attributes = new List<ProtobufMessage>
        {
            OnnxModel.Attribute("hidden_size", hidden),
            OnnxModel.Attribute("direction", directions.Length == 2 ? "bidirectional" : reverse ? "reverse" : "forward"),
        };
        if (cell.Operator == "GRU") // no other operator has the attribute
            attributes.Add(OnnxModel.Attribute("linear_before_reset", 1));
        return OnnxModel.Write(
            [OnnxModel.Node(cell.Operator,
                ["X", "W", "R", "B", "lengths", .. cell.PeepholeOrder is null ? Array.Empty<string>() : ["", "", "P"]], ["Y"],
                    [.. attributes])],
            [
                OnnxModel.Weights("W", All(d => Transposed(d["W"], cell.GateOrder)), directions.Length, width, inputs),
                OnnxModel.Weights("R", All(d => Transposed(d["R"], cell.GateOrder)), directions.Length, width, hidden),
                OnnxModel.Weights("B", All(d => Biases(d, cell.GateOrder)), directions.Length, 2 * width),
                .. cell.PeepholeOrder is { } order
                    ? [OnnxModel.Weights("P", All(d => Transposed(d["P"], order)), directions.Length, order.Count * hidden)]
                    : Array.Empty<ProtobufMessage>(),
            ],
            [OnnxModel.FloatValue("X", steps, batch, inputs), OnnxModel.Int32Value("lengths", batch)],
            [OnnxModel.FloatValue("Y", steps, directions.Length, batch, hidden)]);

        float[] All(Func<IReadOnlyDictionary<string, double[,]>, IEnumerable<float>> of) => [.. directions.SelectMany(of)];
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
