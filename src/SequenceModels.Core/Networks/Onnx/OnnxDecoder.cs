using SequenceModels.Onnx;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>What enters a step of a decoder: names of values.</summary>
/// <param name="Tokens">[B] the last token of each translation.</param>
/// <param name="States">[B, S, D] of the sources; null: nothing is looked at.</param>
/// <param name="Lengths">[B] theirs.</param>
/// <param name="Keys">[B, S, H] what additive attention compares.</param>
/// <param name="Before">[B, H] h of all layers, then c.</param>
/// <param name="Fed">[B, A] what the step before has found; null: it is not fed.</param>
internal sealed record OnnxDecoderInputs(string Tokens, string? States, string? Lengths, string? Keys,
    IReadOnlyList<string> Before, string? Fed);

/// <summary>What a step of a decoder gives: names of values.</summary>
/// <param name="Probabilities">[B, K] of the next token.</param>
/// <param name="Attention">[B, S]; null: nothing is looked at.</param>
/// <param name="Features">[B, A] what the output layer reads.</param>
/// <param name="Next">As they came in, after the step.</param>
internal sealed record OnnxDecoded(string Probabilities, string? Attention, string Features, IReadOnlyList<string> Next);

/// <summary>One step of the decoder of a translator.</summary>
/// <param name="network">The translator.</param>
/// <param name="weights">Its weights.</param>
/// <param name="graph">The graph.</param>
internal sealed class OnnxDecoder(TranslationNetwork network, OnnxWeights weights, OnnxGraph graph)
{
    private readonly DecoderSpec _spec = network.Spec.Decoder;

    public OnnxDecoded Step(OnnxDecoderInputs inputs)
    {
        string batch = graph.Size(graph.Shape(inputs.Tokens), 0);
        string one = graph.Expand(graph.Integer(1), batch);
        // A single step that every sequence has; no other must be added, for none is empty.
        var steps = new OnnxSteps(graph, batch, graph.Integers(0), one);
        string vectors = Embed(inputs.Tokens);
        if (inputs.Fed is { } fed)
            vectors = graph.Concat(1, vectors, fed);
        OnnxStates made = Stack(steps).Read(graph.Reshape(vectors, 1, -1, Width), InterleavedStates(inputs.Before));
        string state = graph.Reshape(made.EveryStep, -1, _spec.HiddenSize);
        (string features, string? attention) = inputs.States is { } source
            ? Attend(state, source, inputs.Lengths!, inputs.Keys, batch) : (state, null);
        return new OnnxDecoded(graph.Softmax(Outputs(features), rank: 2), attention, features, [.. GroupedStates(made.Next)]);
    }

    /// <summary>Numbers that enter the first layer.</summary>
    private int Width => _spec.EmbeddingSize + (_spec.InputFeeding ? network.Spec.ShapeOfDecoder().OutputSize : 0);

    private int StatesOfLayer => OnnxEncoder.KindsOf(Cells.RecurrentCells.Find(network.Spec.Encoder.Cell)!).Length;

    private OnnxStack Stack(OnnxSteps steps) => new(new EncoderSpec
    {
        Inputs = [StepFeature.Frames(Width)],
        Cell = network.Spec.Encoder.Cell,
        HiddenSize = _spec.HiddenSize,
        NumberOfLayers = _spec.NumberOfLayers,
    }, layer => Invariant($"decoder{layer}"), weights, steps);

    /// <summary>From h of all layers, then c of all, to h and c of each layer.</summary>
    private string[] InterleavedStates(IReadOnlyList<string> states) =>
        [.. Enumerable.Range(0, _spec.NumberOfLayers).SelectMany(layer =>
            Enumerable.Range(0, StatesOfLayer).Select(kind => states[kind * _spec.NumberOfLayers + layer]))];

    /// <summary>The way back of <see cref="InterleavedStates"/>.</summary>
    private string[] GroupedStates(IReadOnlyList<string> states) =>
        [.. Enumerable.Range(0, StatesOfLayer).SelectMany(kind =>
            Enumerable.Range(0, _spec.NumberOfLayers).Select(layer => states[layer * StatesOfLayer + kind]))];

    /// <summary>[B, E]; keys that there are none of are unknown.</summary>
    private string Embed(string tokens)
    {
        string unknown = graph.Integer(0);
        tokens = graph.Where(graph.Less(tokens, unknown), unknown, tokens);
        tokens = graph.Where(graph.Less(graph.Integer(_spec.VocabularySize + 1), tokens), unknown, tokens);
        return graph.Gather(weights.Table(graph, Layers.Decoder.TableName), tokens);
    }

    /// <summary>What is found in the sources beside the state [B, A], and what each step counted [B, S].</summary>
    private (string Features, string Attention) Attend(string state, string source, string lengths, string? keys, string batch)
    {
        int size = network.Spec.Source.Size;
        // One state more: no softmax is over nothing.
        string Padded(string rows, int width) => graph.Concat(1, rows, graph.Expand(graph.Number(0),
            graph.Concat(0, batch, graph.Integers(1, width))));
        string memory = Padded(source, size);                                                              // [B, S + 1, D]
        string scores = _spec.Attention switch
        {
            AttentionKind.Additive => AdditiveScores(state, Padded(keys!, _spec.HiddenSize)),
            AttentionKind.General => Products(graph.MatMul(state, GeneralWeights()), memory, size),
            _ => Products(state, memory, size),
        };
        string count = graph.Size(graph.Shape(memory), 1);
        string there = graph.Less(graph.Reshape(graph.Range(count), 1, -1), graph.Reshape(lengths, -1, 1)); // [B, S + 1]
        string weight = graph.Softmax(graph.Where(there, scores, graph.Number(OnnxPooling.Lowest)), rank: 2);
        weight = graph.Where(there, weight, graph.Number(0));
        string context = graph.Reshape(graph.MatMul(
            graph.ReshapeTo(weight, graph.Concat(0, batch, graph.Integers(1), count)), memory), -1, size);
        string all = graph.Sum(graph.Sum(graph.MatMul(context, Matrix("attentional.context.W")),
            graph.MatMul(state, Matrix("attentional.state.W"))),
            graph.Weights("attentional.b", weights.Vector("attentional.b")));
        return (graph.Tanh(all), graph.Slice(weight, 1, 0, -1));
    }

    /// <summary>[B, S + 1] of queries [B, D] and states [B, S + 1, D].</summary>
    private string Products(string queries, string memory, int size) => Flat(
        graph.MatMul(memory, graph.Reshape(queries, -1, size, 1)));

    /// <summary>[B, S + 1] of states [B, H] and keys [B, S + 1, H].</summary>
    private string AdditiveScores(string state, string keys)
    {
        string query = graph.Reshape(graph.MatMul(state, Matrix("attention.W")), -1, 1, _spec.HiddenSize);
        string vector = graph.Reshape(graph.Weights("attention.v", weights.Vector("attention.v")), -1, 1);
        return Flat(graph.MatMul(graph.Tanh(graph.Sum(keys, query)), vector));
    }

    /// <summary>[B, S + 1] of [B, S + 1, 1].</summary>
    private string Flat(string columns) => graph.Reshape(columns, 0, -1);

    /// <summary>[H, D] of both directions.</summary>
    private string GeneralWeights() => graph.Concat(1, [.. OnnxStack.NamesOf("attention", network.Spec.Source.Directions, "W")
        .Select(Matrix)]);

    private string Outputs(string features)
    {
        string bias = graph.Weights("output.b", weights.Vector("output.b"));
        return network.Spec.Output.TiedEmbeddings
            ? graph.Node("Gemm", [features, weights.Table(graph, Layers.Decoder.TableName), bias], ("transB", 1))
            : graph.Sum(graph.MatMul(features, Matrix("output.W")), bias);
    }

    private string Matrix(string name) => graph.Weights(name, weights.Matrix(name));
}
