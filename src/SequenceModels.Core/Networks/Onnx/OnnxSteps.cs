using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>What a network's graph says of the sequences of a batch: names of values.</summary>
/// <param name="graph">The graph that is being built.</param>
/// <param name="batch">[1] B: how many sequences.</param>
/// <param name="steps">[1] T: steps of the longest, as the inputs have them.</param>
/// <param name="lengths">[B] int64: how many steps each sequence has.</param>
internal sealed class OnnxSteps(OnnxGraph graph, string batch, string steps, string lengths)
{
    private string? _mask, _maskOfRows, _numbers, _padded;

    public OnnxGraph Graph => graph;

    public string Batch => batch;

    public string Steps => steps;

    public string Lengths => lengths;

    /// <summary>
    /// [1] T + 1. Every input gets one step more than it has, for a batch of empty sequences has none, and an operator over no
    /// step at all ends ONNX Runtime's whole process.
    /// </summary>
    public string Padded => _padded ??= Graph.Sum(Steps, Graph.Integers(1));

    /// <summary>[T + 1, 1] 0, 1, ...</summary>
    public string Numbers => _numbers ??= Graph.Reshape(Graph.Range(Padded), -1, 1);

    /// <summary>[T + 1, B] whether a sequence has the step.</summary>
    public string Mask => _mask ??= Graph.Less(Numbers, Lengths);

    /// <summary>[T + 1, B, 1] the same.</summary>
    public string MaskOfRows => _maskOfRows ??= Graph.Reshape(Mask, 0, 0, 1);

    /// <summary>A number of each sequence [B, 1], as a float and at least 1: the length to divide by.</summary>
    public string Divisors()
    {
        string lengths = Graph.Reshape(Graph.Cast(Lengths, OnnxElement.Float), -1, 1);
        return Graph.Where(Graph.Less(lengths, Graph.Number(1)), Graph.Number(1), lengths);
    }

    /// <summary>[B, 1] whether a sequence has any step.</summary>
    public string HasSteps() => Graph.Less(Graph.Integer(0), Graph.Reshape(Lengths, -1, 1));
}
