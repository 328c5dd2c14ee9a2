using SequenceModels.Benchmarks.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Weights;

/// <summary>
/// Weights that libtorch has written, read by our networks, and the other way round: scores of ragged batches must be the same.
/// </summary>
internal static class WeightsRun
{
    public const string Options = "[--write FILE]";

    private const float Most = 1e-5f;

    private const int Vocabulary = 200, FrameSize = 12, Rows = 16, LongestRow = 40, Classes = 5;

    private static readonly int[] s_layers = [1, 2], s_hidden = [24, 100];

    private static readonly bool[] s_flags = [false, true];

    public static int Run(Arguments arguments)
    {
        string? file = arguments.Text("--write");
        arguments.End();
        var table = new MarkdownTable("cell", "networks", "scores", "largest difference with libtorch's weights",
            "with ours in libtorch", "files not equal to the byte");
        bool good = true;
        string folder = Directory.CreateTempSubdirectory("weights").FullName;
        try
        {
            foreach (string cell in new[] { "RNN", "GRU", "LSTM" })
            {
                WeightsDifference[] all = [.. Shapes(cell).Select((shape, i) => Compare(shape, i + 1, folder))];
                (float from, float to) = (all.Max(one => one.From), all.Max(one => one.To));
                int changed = all.Count(one => !one.SameBytes);
                table.Add(cell, $"{all.Length}", $"{all.Sum(one => one.Scores):N0}", $"{from:E1}", $"{to:E1}", $"{changed}");
                good &= from <= Most && to <= Most && changed == 0;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Console.WriteLine(table);
        if (file is not null)
            File.WriteAllText(file, Page(table));
        return good ? 0 : 1;
    }

    private static IEnumerable<SequenceNetworkShape> Shapes(string cell) =>
        from layers in s_layers
        from both in s_flags
        from tokens in s_flags
        from everyStep in s_flags
        from hidden in s_hidden
        select new SequenceNetworkShape
        {
            Cell = cell, TakesTokens = tokens, InputSize = tokens ? Vocabulary : FrameSize, EmbeddingSize = tokens ? 32 : 0,
            HiddenSize = hidden, NumberOfLayers = layers, Bidirectional = both, EveryStep = everyStep, NumberOfOutputs = Classes,
        };

    private static WeightsDifference Compare(SequenceNetworkShape shape, int seed, string folder)
    {
        using var model = new TorchModel(shape, seed);
        long[] lengths = [.. Enumerable.Range(0, Rows).Select(row => row == 0 ? LongestRow : 1L + row * 37 % LongestRow)];
        using Tensor steps = shape.TakesTokens ? randint(0, Vocabulary + 1, [Rows, LongestRow], dtype: int64)
            : randn([Rows, LongestRow, FrameSize]);
        string theirs = Path.Combine(folder, "theirs"), ours = Path.Combine(folder, "ours"), again = Path.Combine(folder, "again");
        model.Save(theirs);
        var network = SequenceNetwork.FromSafetensors(theirs, shape);
        float[] own = Score(network, shape, steps, lengths), first = Present(model.Score(steps, lengths), shape, lengths);
        network.SaveSafetensors(ours);
        SequenceNetwork.FromSafetensors(ours, shape).SaveSafetensors(again);
        model.Load(ours);
        float[] second = Present(model.Score(steps, lengths), shape, lengths);
        return new WeightsDifference(own.Length, Largest(own, first), Largest(own, second),
            File.ReadAllBytes(ours).AsSpan().SequenceEqual(File.ReadAllBytes(again)));
    }

    private static float[] Score(SequenceNetwork network, SequenceNetworkShape shape, Tensor steps, long[] lengths) =>
        [.. lengths.SelectMany((length, row) => shape.TakesTokens
            ? network.Score(Array.ConvertAll(steps[row].slice(0, 0, length, 1).contiguous().data<long>().ToArray(), key => (uint)key))
            : network.Score(steps[row].slice(0, 0, length, 1).contiguous().data<float>().ToArray()))];

    /// <summary>Without what stands behind the rows' ends.</summary>
    private static float[] Present(float[] scores, SequenceNetworkShape shape, long[] lengths) => !shape.EveryStep ? scores
        : [.. lengths.SelectMany((length, row) => scores.Skip(row * LongestRow * Classes).Take((int)length * Classes))];

    private static float Largest(float[] a, float[] b) => a.Length != b.Length
        ? throw new InvalidOperationException($"There are {a.Length} scores here and {b.Length} there.")
        : a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static string Page(MarkdownTable table) => $"""
        # Weights of libtorch

        Networks of libtorch's modules (TorchSharp) with their first weights, written to safetensors files as their `state_dict` has them and read by
        `SequenceNetwork.FromSafetensors`; then written by `SaveSafetensors` and read by the modules. Of each cell one and two layers, one and both
        directions, tokens and frames, an answer for a row and one for each step, 24 and 100 units. {Rows} rows of 1 to {LongestRow} steps, {Classes} classes; scores are
        probabilities. Files of ours that are read and written again must be the same bytes. Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- weights --write docs/benchmarks/weights.md

        {table}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";
}

/// <summary>How scores differ.</summary>
/// <param name="Scores">How many there are.</param>
/// <param name="From">At most, with weights that come from libtorch.</param>
/// <param name="To">At most, with weights that go there.</param>
/// <param name="SameBytes">Whether a file that was read and written again is the same.</param>
internal sealed record WeightsDifference(int Scores, float From, float To, bool SameBytes);
