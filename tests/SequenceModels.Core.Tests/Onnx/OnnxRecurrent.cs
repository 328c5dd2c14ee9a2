using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SequenceModels.Tests.Onnx;

/// <summary>Weights of one direction: W [I, G·H], R [H, G·H], b and bR [G·H], columns gate-major in our order.</summary>
internal sealed record OnnxDirection(double[,] W, double[,] R, double[,] B, double[,]? RecurrentBias);

/// <summary>One recurrent layer computed by ONNX Runtime.</summary>
internal static class OnnxRecurrent
{
    /// <summary>
    /// The states [B][T][D·H] of a layer over ragged inputs [B][T][I], each sequence at least one step long. Two directions run both
    /// ways; one runs forward, or from the end where <paramref name="reverse"/>.
    /// </summary>
    public static double[][][] Run(string cell, OnnxDirection[] directions, double[][][] sequences, bool reverse = false)
    {
        int steps = sequences.Max(s => s.Length), inputs = directions[0].W.GetLength(0), hidden = directions[0].R.GetLength(0);
        using var session = new InferenceSession(Model(cell, directions, steps, sequences.Length, reverse));
        var x = new DenseTensor<float>([steps, sequences.Length, inputs]);
        for (int b = 0; b < sequences.Length; b++)
            for (int t = 0; t < sequences[b].Length; t++)
                for (int i = 0; i < inputs; i++)
                    x[t, b, i] = (float)sequences[b][t][i];
        var lengths = new DenseTensor<int>(sequences.Select(s => s.Length).ToArray(), [sequences.Length]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("X", x), NamedOnnxValue.CreateFromTensor("lengths", lengths)]);
        Tensor<float> y = results.First(r => r.Name == "Y").AsTensor<float>(); // [T, D, B, H]
        double[] State(int b, int t) =>
            [.. Enumerable.Range(0, directions.Length * hidden).Select(j => (double)y[t, j / hidden, b, j % hidden])];
        return [.. sequences.Select((s, b) => Enumerable.Range(0, s.Length).Select(t => State(b, t)).ToArray())];
    }

    private static byte[] Model(string cell, OnnxDirection[] directions, int steps, int batch, bool reverse)
    {
        int inputs = directions[0].W.GetLength(0), hidden = directions[0].R.GetLength(0), width = directions[0].R.GetLength(1);
        int[] order = GateOrder(cell);
        var attributes = new List<ProtobufMessage>
        {
            OnnxModel.Attribute("hidden_size", hidden),
            OnnxModel.Attribute("direction", directions.Length == 2 ? "bidirectional" : reverse ? "reverse" : "forward"),
        };
        if (cell == "GRU")
            attributes.Add(OnnxModel.Attribute("linear_before_reset", 1));
        return OnnxModel.Write(
            [OnnxModel.Node(cell, ["X", "W", "R", "B", "lengths"], ["Y"], [.. attributes])],
            [
                OnnxModel.Weights("W", [.. directions.SelectMany(d => Transposed(d.W, order))], directions.Length, width, inputs),
                OnnxModel.Weights("R", [.. directions.SelectMany(d => Transposed(d.R, order))], directions.Length, width, hidden),
                OnnxModel.Weights("B", [.. directions.SelectMany(d => Biases(d, order))], directions.Length, 2 * width),
            ],
            [OnnxModel.FloatValue("X", steps, batch, inputs), OnnxModel.Int32Value("lengths", batch)],
            [OnnxModel.FloatValue("Y", steps, directions.Length, batch, hidden)]);
    }

    /// <summary>Which of our gates stands at each place in ONNX: LSTM has input, output, forget, candidate there.</summary>
    private static int[] GateOrder(string cell) => cell switch
    {
        "RNN" => [0],
        "GRU" => [0, 1, 2],
        "LSTM" => [0, 3, 1, 2],
        _ => throw new ArgumentException($"ONNX has no cell '{cell}'.", nameof(cell)),
    };

    /// <summary>[rows, G·H] in our gate order becomes [G·H, rows] in that of ONNX.</summary>
    private static IEnumerable<float> Transposed(double[,] matrix, int[] order)
    {
        int rows = matrix.GetLength(0), hidden = matrix.GetLength(1) / order.Length;
        return from gate in order
               from unit in Enumerable.Range(0, hidden)
               from row in Enumerable.Range(0, rows)
               select (float)matrix[row, gate * hidden + unit];
    }

    private static IEnumerable<float> Biases(OnnxDirection direction, int[] order) =>
        Transposed(direction.B, order).Concat(Transposed(direction.RecurrentBias ?? new double[1, direction.B.Length], order));
}
