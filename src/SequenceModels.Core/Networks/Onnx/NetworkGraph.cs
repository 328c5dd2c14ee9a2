using SequenceModels.Cells;
using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>What enters the graph of a network: names of values.</summary>
/// <param name="Features">Of each feature: [B, T] keys, [B, T, F] numbers, or [B, T, C] keys of characters.</param>
/// <param name="Lengths">[B] int64: how many steps each sequence has.</param>
/// <param name="RowFeatures">[B, F] numbers of each whole row; null: there are none, or their products are given.</param>
/// <param name="RowSlots">[B, N] the slots of numbers of each whole row, -1: none; null: all are given.</param>
/// <param name="States">Of each layer h and, where the cell has it, c [B, H]; null: zero.</param>
/// <param name="Kept">What the pooling has kept of the steps before, by name; null: there are none.</param>
internal sealed record NetworkInputs(IReadOnlyList<string> Features, string Lengths, string? RowFeatures = null,
    string? RowSlots = null, IReadOnlyList<string>? States = null, IReadOnlyDictionary<string, string>? Kept = null);

/// <summary>A whole network as operators of ONNX.</summary>
internal static class NetworkGraph
{
    /// <summary>Adds the network to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="network">The network.</param>
    /// <param name="inputs">What it reads.</param>
    /// <returns>What it gives, the states after the last step, and what the pooling keeps of all steps so far.</returns>
    /// <exception cref="NotSupportedException">A part of the network cannot be written as ONNX; the message names it.</exception>
    /// <exception cref="ArithmeticException">A weight is NaN or infinite.</exception>
    public static (OnnxAnswers Answers, IReadOnlyList<string> States, IReadOnlyDictionary<string, string> Kept) Add(
        OnnxGraph graph, EncoderNetwork network, NetworkInputs inputs)
    {
        if (network.Spec.Output.EveryStep && network.Spec.Inputs.Any(feature => feature.Stacked > 1))
            throw new NotSupportedException(
                "A network that reads several steps as one and has an output for every step cannot be " +
                "written as ONNX. Train with SequenceTrainerOptions.FrameStacking = 1.");
        EncoderSpec spec = network.Spec.Encoder;
        var weights = new OnnxWeights(network.Parameters);
        string shape = graph.Shape(inputs.Features[0]);
        var given = new OnnxSteps(graph, graph.Size(shape, 0), graph.Size(shape, 1), inputs.Lengths);
        (string vectors, OnnxSteps steps) = new OnnxInputs(spec, network.Frames, weights, given)
            .Read(inputs.Features, OnnxStack.GateOrder(RecurrentCells.Find(spec.Cell)!));
        OnnxStates states = new OnnxStack(spec, EncoderSpec.LayerName, weights, steps).Read(vectors, inputs.States);
        SequencePooling pooling = network.Spec.Output.Pooling;
        OnnxCarriedPooling? carried = inputs.Kept is { } kept ? new(weights, steps, states, kept) : null;
        string features = network.Spec.Output.EveryStep ? states.EveryStep
            : carried?.Pool(pooling) ?? new OnnxPooling(weights, steps, states).Pool(pooling);
        string?[] products = [RowProducts(graph, weights, inputs), LinearProducts(graph, weights, network.Spec, vectors)];
        OnnxAnswers answers = new OnnxOutput(network, weights, steps).Read(features, [.. products.OfType<string>()]);
        return (answers, states.Next, carried?.Next ?? []);
    }

    /// <summary>[B, K] what the numbers of all steps add to the outputs by a linear path; null: there is none.</summary>
    private static string? LinearProducts(OnnxGraph graph, OnnxWeights weights, EncoderNetworkSpec spec, string vectors)
    {
        if (spec.Output.LinearSteps is not (> 0 and var count))
            return null;
        string steps = graph.Transpose(graph.Slice(vectors, 0, 0, count), 1, 0, 2);                  // [B, T, F]
        return graph.MatMul(graph.Reshape(steps, -1, (long)count * spec.Inputs[0].Size),
            graph.Weights("output.A", weights.Matrix("output.A")));
    }

    /// <summary>[B, K] what the numbers of the whole row add to the outputs; null: nothing.</summary>
    private static string? RowProducts(OnnxGraph graph, OnnxWeights weights, NetworkInputs inputs)
    {
        if (inputs.RowFeatures is not { } values)
            return null;
        OnnxTensor u = weights.Matrix("output.U");
        string table = graph.Weights("output.U", u), none = graph.Integer(0);
        if (inputs.RowSlots is not { } slots)
            return graph.MatMul(values, table);
        string isThere = graph.Less(graph.Integer(-1), slots);
        string rows = graph.Gather(table, graph.Where(isThere, slots, none));                        // [B, N, K]
        values = graph.Where(isThere, values, graph.Number(0));
        string shape = graph.Shape(slots);
        values = graph.ReshapeTo(values, graph.Concat(0, graph.Size(shape, 0), graph.Integers(1), graph.Size(shape, 1)));
        return graph.Reshape(graph.MatMul(values, rows), -1, u.RowLength);
    }
}
