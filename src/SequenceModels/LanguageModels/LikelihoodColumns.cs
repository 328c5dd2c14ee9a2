using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Networks;
using SequenceModels.Onnx;
using SequenceModels.Scoring;

namespace SequenceModels.LanguageModels;

/// <summary>
/// The columns that a language model adds: LogProbabilities, one for each step, and Perplexity, one for the row.
/// </summary>
internal static class LikelihoodColumns
{
    public static DataViewSchema.DetachedColumn[] All { get; } =
    [
        new("Perplexity", NumberDataViewType.Single),
        new("LogProbabilities", new VectorDataViewType(NumberDataViewType.Single)),
    ];

    /// <summary>The getters of those columns, in the same order.</summary>
    /// <param name="row">Has the logarithms of the probabilities as scores, as <see cref="LikelihoodScorer"/> gives them.</param>
    /// <param name="reversed">Whether these begin with the row's last step.</param>
    public static Delegate[] MakeGetters(IRowScores row, bool reversed) =>
    [
        (ValueGetter<float>)((ref float perplexity) => perplexity = Perplexity(row.Scores)),
        (ValueGetter<VBuffer<float>>)((ref VBuffer<float> logProbabilities) =>
        {
            ReadOnlySpan<float> scores = row.Scores;
            VBufferEditor<float> editor = VBufferEditor.Create(ref logProbabilities, scores.Length);
            scores.CopyTo(editor.Values);
            if (reversed)
                editor.Values.Reverse();
            logProbabilities = editor.Commit();
        }),
    ];

    /// <summary>Makes the values of those columns of a network's probabilities of the next token, in a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="network">Reads tokens.</param>
    /// <param name="keys">Of rows.</param>
    /// <param name="added">The columns.</param>
    public static void WriteOnnx(PipelineGraph graph, SequenceNetwork network, OnnxSequences keys,
        IReadOnlyList<DataViewSchema.Column> added)
    {
        string zero = graph.Integer(0), size = graph.Integer(network.InputSize);
        string one = graph.Concat(0, keys.Batch, graph.Integers(1)), notThere = graph.Expand(graph.Number(float.NaN), one);
        string InOrder(string steps) => !network.Reversed ? steps
            : graph.Node("ReverseSequence", [steps, keys.Lengths], ("batch_axis", 0), ("time_axis", 1));
        // One step more, so that each has a next one; what stands behind a row's end is masked.
        string tokens = graph.Where(graph.Less(keys.Values, zero), zero, keys.Values);
        tokens = graph.Where(graph.Less(size, tokens), zero, tokens);
        tokens = graph.Concat(1, InOrder(tokens), graph.Expand(zero, one));                              // [B, T + 1]
        string scores = NetworkGraph.Add(graph, network.Layers, new NetworkInputs([tokens], keys.Lengths)).Answers.Scores;
        string next = graph.Slice(tokens, 1, 1, int.MaxValue);                                           // [B, T]
        string picked = graph.Node("GatherElements",
            [graph.Slice(scores, 1, 0, -1), graph.ReshapeTo(next, graph.Concat(0, keys.Batch, keys.Steps, graph.Integers(1)))],
            ("axis", 2));
        string logs = graph.ReshapeTo(graph.Node("Log", [picked]), graph.Concat(0, keys.Batch, keys.Steps));
        logs = graph.Slice(graph.Concat(1, notThere, logs), 1, 0, -1);                                   // [B, T] NaN first
        // The sum over all steps but the first, by a product with ones: T + 1 terms, for there may be no step.
        string told = graph.Node("And", [keys.Mask, graph.Less(zero, graph.Reshape(graph.Range(keys.Steps), 1, -1))]);
        string terms = graph.Concat(1, graph.Where(told, logs, graph.Number(0)), graph.Expand(graph.Number(0), one));
        string more = graph.Concat(0, graph.Sum(keys.Steps, graph.Integers(1)), graph.Integers(1));
        string sum = graph.MatMul(terms, graph.Expand(graph.Number(1), more));                           // [B, 1]
        string count = graph.Cast(graph.Difference(graph.Reshape(keys.Lengths, -1, 1), graph.Integer(1)), OnnxElement.Float);
        string mean = graph.Quotient(sum, graph.Where(graph.Less(graph.Number(0), count), count, graph.Number(float.NaN)));
        graph.Define(added[0].Name, added[0].Type, graph.Node("Exp", [graph.Node("Neg", [mean])]));
        string frames = graph.ReshapeTo(InOrder(logs), graph.Concat(0, keys.Batch, keys.Steps, graph.Integers(1)));
        new OnnxSequences(graph, frames, keys.Lengths).DefineFrames(added[1].Name, (VectorDataViewType)added[1].Type);
    }

    /// <param name="logProbabilities">[T] NaN for the first step that was read.</param>
    private static float Perplexity(ReadOnlySpan<float> logProbabilities)
    {
        if (logProbabilities.Length < 2)
            return float.NaN;
        double sum = 0;
        foreach (float logProbability in logProbabilities[1..])
            sum += logProbability;
        return (float)Math.Exp(-sum / (logProbabilities.Length - 1));
    }
}
