using System.Globalization;
using SequenceModels.Files;
using SequenceModels.Tests.Sequences;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>Keras's layers as its documentation defines them, computed in double from the tensors of a file.</summary>
public class KerasNamesTests
{
    private const int Rows = 8, Embedding = 4, Hidden = 5, Outputs = 3;

    public static IEnumerable<TheoryDataRow<string, int, bool>> Cases =>
        from cell in new[] { "RNN", "GRU", "LSTM" }
        from layers in new[] { 1, 2 }
        from bidirectional in new[] { false, true }
        select new TheoryDataRow<string, int, bool>(cell, layers, bidirectional);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_are_those_of_the_definition(string cell, int layers, bool bidirectional)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Name, "network");
        Dictionary<string, (int[] Shape, float[] Values)> weights = Weights(cell, layers, bidirectional);
        Write(path, weights);
        var network = SequenceNetwork.FromSafetensors(path, Shape(cell, layers, bidirectional), new KerasNames());
        foreach (uint[] tokens in new uint[][] { [3, 1, 4, 1, 5], [2], [7, 6, 0] })
        {
            double[][] steps = [.. tokens.Select(token => Row(weights["embedding/embeddings"], (int)token))];
            double[] last = [];
            for (int layer = 0; layer < layers; layer++)
            {
                double[][] forward = Run(weights, Cell(cell, layer, bidirectional ? "forward" : ""), cell, steps);
                double[][] backward = !bidirectional ? []
                    : [.. Run(weights, Cell(cell, layer, "backward"), cell, [.. steps.Reverse()]).Reverse()];
                last = bidirectional ? [.. forward[^1], .. backward[0]] : forward[^1];
                steps = bidirectional ? [.. forward.Zip(backward, (f, b) => f.Concat(b).ToArray())] : forward;
            }
            double[] logits = Add(Multiply(last, weights["dense/kernel"]), Row(weights["dense/bias"], 0));
            double sum = logits.Sum(Math.Exp);
            float[] scores = network.Score(tokens);
            for (int k = 0; k < Outputs; k++)
                Assert.Equal(Math.Exp(logits[k]) / sum, scores[k], 1e-5);
        }
    }

    [Fact]
    public void A_state_that_is_reset_before_its_product_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Name, "network");
        Dictionary<string, (int[] Shape, float[] Values)> weights = Weights("GRU", 1, false);
        weights["gru/gru_cell/bias"] = ([3 * Hidden], new float[3 * Hidden]);
        Write(path, weights);
        Assert.Contains("reset_after=True", Assert.Throws<InvalidDataException>(() =>
            SequenceNetwork.FromSafetensors(path, Shape("GRU", 1, false), new KerasNames())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_that_are_too_few_or_too_many_are_counted()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Name, "network");
        Write(path, Weights("LSTM", 2, false));
        Assert.Contains("2 recurrent cells; the shape asks for 1", Assert.Throws<InvalidDataException>(() =>
            SequenceNetwork.FromSafetensors(path, Shape("LSTM", 1, false), new KerasNames())).Message, StringComparison.Ordinal);
    }

    private static SequenceNetworkShape Shape(string cell, int layers, bool bidirectional) => new()
    {
        Cell = cell, InputSize = Rows - 1, EmbeddingSize = Embedding, HiddenSize = Hidden, NumberOfLayers = layers,
        Bidirectional = bidirectional, NumberOfOutputs = Outputs,
    };

    /// <summary>As Keras 3 names them: the layers of one kind are numbered from the second on.</summary>
    private static string Cell(string cell, int layer, string direction)
    {
        string name = cell == "RNN" ? "simple_rnn" : cell.ToLowerInvariant();
        string number = layer == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{layer}");
        return direction.Length == 0 ? $"{name}{number}/{name}_cell/"
            : $"bidirectional{number}/{direction}_{name}{number}/{name}_cell/";
    }

    private static Dictionary<string, (int[] Shape, float[] Values)> Weights(string cell, int layers, bool bidirectional)
    {
        var random = new Random(11);
        var weights = new Dictionary<string, (int[], float[])>();
        int gates = cell switch { "RNN" => 1, "GRU" => 3, _ => 4 } * Hidden;
        // By the alphabet, as a dictionary of another library may have it.
        Add("dense/bias", Outputs);
        Add("dense/kernel", Hidden * (bidirectional ? 2 : 1), Outputs);
        Add("embedding/embeddings", Rows, Embedding);
        for (int layer = 0; layer < layers; layer++)
            foreach (string direction in bidirectional ? new[] { "backward", "forward" } : [""])
            {
                string path = Cell(cell, layer, direction);
                Add($"{path}kernel", layer == 0 ? Embedding : Hidden * (bidirectional ? 2 : 1), gates);
                Add($"{path}recurrent_kernel", Hidden, gates);
                Add($"{path}bias", cell == "GRU" ? [2, gates] : [gates]);
            }
        return weights;

        void Add(string name, params int[] shape) => weights.Add(name,
            (shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(_ => 2 * random.NextSingle() - 1)]));
    }

    private static void Write(string path, Dictionary<string, (int[] Shape, float[] Values)> weights)
    {
        using FileStream stream = File.Create(path);
        SafetensorsWriter.Write(stream, [.. weights.Select(weight => new SafetensorsSource(weight.Key, weight.Value.Shape,
            (row, values) => weight.Value.Values.AsSpan(row * values.Length, values.Length).CopyTo(values)))], []);
    }

    private static double[][] Run(Dictionary<string, (int[] Shape, float[] Values)> weights, string path, string cell,
        double[][] steps)
    {
        double[] h = new double[Hidden], c = new double[Hidden];
        (int[], float[] Values) bias = weights[$"{path}bias"];
        return [.. steps.Select(x =>
        {
            double[] wx = Multiply(x, weights[$"{path}kernel"]), rh = Multiply(h, weights[$"{path}recurrent_kernel"]);
            double Wx(int gate, int unit) => wx[gate * Hidden + unit] + bias.Values[gate * Hidden + unit];
            double Rh(int gate, int unit) =>
                rh[gate * Hidden + unit] + (cell == "GRU" ? bias.Values[(3 + gate) * Hidden + unit] : 0);
            double Sigmoid(int gate, int unit) => 1 / (1 + Math.Exp(-Wx(gate, unit) - Rh(gate, unit)));
            double[] before = h;
            h = [.. Enumerable.Range(0, Hidden).Select(unit =>
            {
                if (cell == "RNN")
                    return Math.Tanh(Wx(0, unit) + Rh(0, unit));
                if (cell == "GRU") // z, r, h
                {
                    double z = Sigmoid(0, unit), candidate = Math.Tanh(Wx(2, unit) + Sigmoid(1, unit) * Rh(2, unit));
                    return z * before[unit] + (1 - z) * candidate;
                }
                // i, f, c, o
                c[unit] = Sigmoid(1, unit) * c[unit] + Sigmoid(0, unit) * Math.Tanh(Wx(2, unit) + Rh(2, unit));
                return Sigmoid(3, unit) * Math.Tanh(c[unit]);
            })];
            return h;
        })];
    }

    private static double[] Multiply(double[] x, (int[] Shape, float[] Values) matrix) =>
        [.. Enumerable.Range(0, matrix.Shape[1]).Select(column =>
            x.Select((value, row) => value * matrix.Values[row * matrix.Shape[1] + column]).Sum())];

    private static double[] Add(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];

    private static double[] Row((int[] Shape, float[] Values) matrix, int row) =>
        [.. matrix.Values.Skip(row * matrix.Shape[^1]).Take(matrix.Shape[^1]).Select(value => (double)value)];
}
