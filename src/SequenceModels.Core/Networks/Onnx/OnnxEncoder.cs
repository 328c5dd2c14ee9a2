using SequenceModels.Cells;
using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>What a decoder is told of sources: names of values.</summary>
/// <param name="States">[B, S, D]; zero beyond a source's end.</param>
/// <param name="Keys">[B, S, H] what additive attention compares; null: with other kinds.</param>
/// <param name="First">[B, H] the decoder's first states: h of all layers, then c.</param>
internal sealed record OnnxSource(string States, string? Keys, IReadOnlyList<string> First);

/// <summary>The encoder of a translator, with the bridge to its decoder.</summary>
/// <param name="network">The translator.</param>
/// <param name="weights">Its weights.</param>
/// <param name="graph">The graph.</param>
internal sealed class OnnxEncoder(TranslationNetwork network, OnnxWeights weights, OnnxGraph graph)
{
    /// <summary>States of a cell, by the names that they have outside.</summary>
    public static string[] KindsOf(RecurrentCell cell) => cell.HasCellState ? ["hidden", "cell"] : ["hidden"];

    /// <param name="input">[B, S] keys, or [B, S, F] numbers.</param>
    /// <param name="lengths">[B].</param>
    /// <exception cref="NotSupportedException">A part of the network cannot be written as ONNX; the message names it.</exception>
    public OnnxSource Read(string input, string lengths)
    {
        EncoderSpec spec = network.Spec.Encoder;
        if (spec.Inputs.Any(feature => feature.Stacked > 1))
            throw new NotSupportedException(
                "A translator that reads several steps as one cannot be written as ONNX. Train with " +
                "TranslationOptions.FrameStacking = 1.");
        RecurrentCell cell = RecurrentCells.Find(spec.Cell)!;
        string shape = graph.Shape(input);
        var given = new OnnxSteps(graph, graph.Size(shape, 0), graph.Size(shape, 1), lengths);
        (string vectors, OnnxSteps steps) = new OnnxInputs(spec, network.Frames, weights, given)
            .Read([input], OnnxStack.GateOrder(cell));
        OnnxStates states = new OnnxStack(spec, EncoderSpec.LayerName, weights, steps).Read(vectors, states: null);
        string rows = graph.Slice(graph.Transpose(
            graph.Where(steps.MaskOfRows, states.EveryStep, graph.Number(0)), 1, 0, 2), 1, 0, -1);
        string? keys = network.Spec.Decoder.Attention != AttentionKind.Additive ? null
            : graph.MatMul(rows, graph.Weights("attention.U", weights.Matrix("attention.U")));
        return new OnnxSource(rows, keys, [.. KindsOf(cell).SelectMany(kind =>
            Enumerable.Range(1, network.Spec.Decoder.NumberOfLayers).Select(layer => Bridge(layer, kind[..1], states.Last)))]);
    }

    private string Bridge(int layer, string state, string last)
    {
        string name = Invariant($"bridge{layer}.{state}");
        return graph.Tanh(graph.Sum(graph.MatMul(last, graph.Weights($"{name}.W", weights.Matrix($"{name}.W"))),
            graph.Weights($"{name}.b", weights.Vector($"{name}.b"))));
    }
}
