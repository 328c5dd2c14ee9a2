using SequenceModels.Columns;
using SequenceModels.Interop;

namespace SequenceModels.Transforms;

/// <summary>Sequences filled up or cut to one length, in a graph.</summary>
/// <param name="graph">The graph.</param>
/// <param name="padded">The length, and where.</param>
internal sealed class OnnxPadding(PipelineGraph graph, PaddedLength padded)
{
    /// <summary>The sequences, each with as many steps.</summary>
    /// <param name="steps">Of any lengths.</param>
    /// <param name="size">F of frames; 0: they are keys.</param>
    public OnnxSequences Of(OnnxSequences steps, int size)
    {
        string zero = graph.Integer(0), length = graph.Integer(padded.Length);
        string lengths = graph.Reshape(steps.Lengths, -1, 1);                                            // [B, 1]
        string AtLeast0(string number) => graph.Where(graph.Less(number, zero), zero, number);
        // Step t of the result is step t + move of the sequence.
        string move = zero;
        if (padded.Truncate == SequenceSide.Start)
            move = graph.Sum(move, AtLeast0(graph.Difference(lengths, length)));
        if (padded.Pad == SequenceSide.Start)
            move = graph.Difference(move, AtLeast0(graph.Difference(length, lengths)));
        string from = graph.Sum(graph.Reshape(graph.Range(graph.Integers(padded.Length)), 1, -1), move); // [B or 1, L]
        string isThere = graph.Node("And",
            [graph.Less(graph.Integer(-1), from), graph.Less(from, lengths)]);                           // [B, L]
        // All steps of a batch below each other, with one more for each row, which may have none.
        string shape = graph.Concat(0, steps.Batch, graph.Integers(size == 0 ? [1] : [1, size]));
        string more = graph.Expand(size == 0 ? zero : graph.Number(0), shape);
        string all = graph.Concat(1, steps.Values, more);
        string begins = graph.Product(graph.Reshape(graph.Range(steps.Batch), -1, 1),
            graph.Sum(steps.Steps, graph.Integers(1)));                                                  // [B, 1]
        string rows = graph.Sum(begins, graph.Where(isThere, from, zero));
        string picked = size == 0 ? graph.Gather(graph.Reshape(all, -1), rows) : graph.Gather(graph.Reshape(all, -1, size), rows);
        string there = size == 0 ? isThere
            : graph.ReshapeTo(isThere, graph.Concat(0, steps.Batch, graph.Integers(padded.Length, 1)));
        return new OnnxSequences(graph, graph.Where(there, picked, size == 0 ? zero : graph.Number(0)),
            graph.Expand(length, steps.Batch));
    }
}
