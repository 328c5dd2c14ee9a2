using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;

namespace SequenceModels.Tests.Networks;

/// <summary>A network as an ONNX model, batches for it, and what the network itself gives of them.</summary>
/// <param name="Model">The file.</param>
/// <param name="Runs">One behind the other.</param>
/// <param name="States">By input what a run takes of the outputs of the run before; the first takes zeros.</param>
internal sealed record OnnxCase(byte[] Model, IReadOnlyList<OnnxRun> Runs, IReadOnlyDictionary<string, string> States)
{
    /// <summary>Ragged batches, an empty sequence alone and in company.</summary>
    public static OnnxCase OfBatches(SequenceNetwork network, NetworkShape spec, IReadOnlyList<Example> rows,
        OnnxExportOptions? options = null)
    {
        Example[][] batches = [[.. rows], [rows[^1]], [rows[^1], rows[0]], [rows[1]]];
        return new(Write(network, options), [.. batches.Select(batch => new OnnxRun(
            new OnnxBatch(network.Spec.Inputs, batch).Inputs(options?.SparseRowFeatures ?? false),
            OwnScores.Of(network, spec, batch), batch.Length))], new Dictionary<string, string>());
    }

    /// <summary>Streams beside each other, each in parts of its own, none of some at times.</summary>
    public static OnnxCase OfStreams(SequenceNetwork network, NetworkShape spec, IReadOnlyList<Example> rows)
    {
        byte[] model = Write(network, new OnnxExportOptions { StepGraph = true });
        using var session = new InferenceSession(model);
        Dictionary<string, string> states = session.InputMetadata.Keys
            .Where(name => session.OutputMetadata.ContainsKey($"{name}_next")).ToDictionary(name => name, name => $"{name}_next");
        List<NamedOnnxValue> zeros = [.. states.Keys.Select(name => NamedOnnxValue.CreateFromTensor(name,
            new DenseTensor<float>((int[])[rows.Count, .. session.InputMetadata[name].Dimensions[1..]])))];
        var runs = new List<OnnxRun>();
        int[] at = new int[rows.Count];
        for (int run = 0; run < 4; run++)
        {
            int[] ends = [.. rows.Select((row, i) =>
                Math.Min(OnnxBatch.Length(network.Spec.Inputs, row), at[i] + (run + i) % 3))];
            Example[] parts = [.. rows.Select((row, i) => Part(spec, row, at[i], ends[i]))];
            var own = OwnScores.Of(network, spec, [.. rows.Select((row, i) => Part(spec, row, 0, ends[i]))]);
            if (spec.EveryStep)
                own = new([.. own.Scores.Select((scores, i) => scores[(at[i] * spec.NumberOfOutputs)..])],
                    own.Tags is null ? null : [.. own.Tags.Select((tags, i) => tags[at[i]..])]);
            List<NamedOnnxValue> inputs = new OnnxBatch(network.Spec.Inputs, parts).Inputs();
            runs.Add(new OnnxRun([.. inputs, .. run == 0 ? zeros : []], own, rows.Count));
            at = ends;
        }
        return new OnnxCase(model, runs, states);
    }

    /// <summary>Runs it in ONNX Runtime, which must give what the network gives.</summary>
    public void Check(double tolerance = 1e-5)
    {
        using var session = new InferenceSession(Model);
        OnnxAnswer? before = null;
        foreach (OnnxRun run in Runs)
        {
            OnnxAnswer? last = before;
            before = OnnxAnswer.Run(session, [.. run.Inputs, .. States.Where(_ => last is not null).Select(state =>
                NamedOnnxValue.CreateFromTensor(state.Key, new DenseTensor<float>(Array.ConvertAll(last![state.Value],
                    value => (float)value), (int[])[run.Rows, .. session.InputMetadata[state.Key].Dimensions[1..]])))], run.Rows);
            before.AssertIs(run.Own, tolerance);
        }
    }

    private static byte[] Write(SequenceNetwork network, OnnxExportOptions? options)
    {
        using var stream = new MemoryStream();
        network.ExportOnnx(stream, options);
        return stream.ToArray();
    }

    private static Example Part(NetworkShape spec, Example row, int from, int to) => row with
    {
        Tokens = row.Tokens?[from..to],
        Frames = row.Frames?[(from * spec.InputSize)..(to * spec.InputSize)],
        StepLabels = row.StepLabels?[from..to],
    };
}

/// <summary>One run of a model.</summary>
/// <param name="Inputs">All, but for the states that another run gives.</param>
/// <param name="Own">What the network itself gives.</param>
/// <param name="Rows">Of the batch.</param>
internal sealed record OnnxRun(IReadOnlyList<NamedOnnxValue> Inputs, OwnScores Own, int Rows);
