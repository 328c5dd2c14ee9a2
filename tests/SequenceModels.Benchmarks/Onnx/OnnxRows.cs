using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Benchmarks.Onnx;

/// <summary>Rows of a data set in ONNX Runtime, in ragged batches as they come.</summary>
internal static class OnnxRows
{
    private const int Batch = 32;

    /// <summary>What ONNX Runtime and the network give the rows, compared.</summary>
    /// <param name="network">The network, which is exported.</param>
    /// <param name="data">The rows.</param>
    public static OnnxDifference Compare(SequenceNetwork network, SequenceDataset data)
    {
        using var model = new MemoryStream();
        network.ExportOnnx(model);
        using var session = new InferenceSession(model.ToArray());
        bool everyStep = network.Spec.Output.EveryStep;
        int k = network.NumberOfOutputs;
        float[] own = new float[(everyStep ? data.NumberOfSteps : data.Count) * k];
        int[] tags = new int[everyStep ? data.NumberOfSteps : 0];
        EncoderPass pass = network.CreatePass();
        var difference = new OnnxDifference(0, 0, 0);
        foreach (int[] rows in Enumerable.Range(0, data.Count).Chunk(Batch))
        {
            network.Score(data, [.. rows.OrderByDescending(data.Length)], own, tags, pass);
            using var outputs = session.Run(Inputs(data, rows));
            float[] scores = [.. outputs.First(output => output.Name == "scores").AsEnumerable<float>()];
            long[] labels = [.. outputs.First(output => output.Name == "labels").AsEnumerable<long>()];
            int each = labels.Length / rows.Length;
            foreach ((int at, int row) in rows.Index())
                for (int t = 0; t < (everyStep ? data.Length(row) : 1); t++)
                {
                    int place = everyStep ? (int)data.Start(row) + t : row, there = at * each + t;
                    ReadOnlySpan<float> mine = own.AsSpan(place * k, k), theirs = scores.AsSpan(there * k, k);
                    int label = everyStep ? tags[place] : TensorPrimitives.IndexOfMax(mine);
                    difference += new OnnxDifference(1, label == labels[there] ? 0 : 1, LargestDifference(mine, theirs));
                }
        }
        return difference;
    }

    private static float LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float largest = 0;
        for (int i = 0; i < a.Length; i++)
            largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        return largest;
    }

    private static List<NamedOnnxValue> Inputs(SequenceDataset data, int[] rows)
    {
        int steps = rows.Max(data.Length);
        return
        [
            .. data.Channels.Select((channel, place) => Input(data, channel, data.Channels.Count == 1 ? "" : $"{place + 1}", rows,
                steps)),
            NamedOnnxValue.CreateFromTensor("lengths",
                new DenseTensor<long>(rows.Select(row => (long)data.Length(row)).ToArray(), [rows.Length])),
        ];
    }

    private static NamedOnnxValue Input(SequenceDataset data, FeatureChannel channel, string number, int[] rows, int steps)
    {
        if (channel.Feature.Kind == StepFeatureKind.Frames)
        {
            var frames = new DenseTensor<float>([rows.Length, steps, channel.Feature.Size]);
            ForEach(data, rows, (row, t, step) => channel.Frames(step, 1)
                .CopyTo(frames.Buffer.Span[((row * steps + t) * channel.Feature.Size)..]));
            return NamedOnnxValue.CreateFromTensor($"frames{number}", frames);
        }
        if (channel.Words is not { } words)
        {
            var tokens = new DenseTensor<long>([rows.Length, steps]);
            ForEach(data, rows, (row, t, step) => tokens[row, t] = channel.Keys(step, 1)[0]);
            return NamedOnnxValue.CreateFromTensor($"tokens{number}", tokens);
        }
        int longest = 0;
        ForEach(data, rows, (_, _, step) => longest = Math.Max(longest, words.Parts(channel.Keys(step, 1)[0]).Length));
        var parts = new DenseTensor<long>([rows.Length, steps, longest]);
        parts.Fill(-1);
        ForEach(data, rows, (row, t, step) =>
        {
            ReadOnlySpan<uint> word = words.Parts(channel.Keys(step, 1)[0]);
            for (int i = 0; i < word.Length; i++)
                parts[row, t, i] = word[i];
        });
        return NamedOnnxValue.CreateFromTensor(
            $"{(channel.Feature.Kind == StepFeatureKind.Subwords ? "subwords" : "characters")}{number}", parts);
    }

    private static void ForEach(SequenceDataset data, int[] rows, Action<int, int, long> visit)
    {
        foreach ((int at, int row) in rows.Index())
            for (int t = 0; t < data.Length(row); t++)
                visit(at, t, data.Start(row) + t);
    }
}

/// <summary>How two answers differ.</summary>
/// <param name="Labels">That were compared.</param>
/// <param name="Others">Of them, those that are not equal.</param>
/// <param name="Score">The largest difference of a score.</param>
internal sealed record OnnxDifference(int Labels, int Others, float Score)
{
    public static OnnxDifference operator +(OnnxDifference a, OnnxDifference b) =>
        new(a.Labels + b.Labels, a.Others + b.Others, Math.Max(a.Score, b.Score));
}
