using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>A state that goes into a graph and comes out of it.</summary>
/// <param name="Name">Of the input.</param>
/// <param name="Size">Numbers of a sequence.</param>
internal sealed record OnnxState(string Name, int Size);

/// <summary>
/// Poolings of sequences that come in parts: what is kept of the steps so far goes in and comes out, and is zero before the first
/// step. What that is, and the sums of attention, stand at <see cref="Layers.PoolingLayer"/> and its classes.
/// </summary>
/// <param name="weights">The network's weights.</param>
/// <param name="steps">The shape of the part.</param>
/// <param name="states">Of the top layer, after the steps of the part.</param>
/// <param name="kept">What is kept so far, by name.</param>
internal sealed class OnnxCarriedPooling(OnnxWeights weights, OnnxSteps steps, OnnxStates states,
    IReadOnlyDictionary<string, string> kept)
{
    private const string Steps = "pooled_steps", Total = "pooled_sum", Most = "pooled_max", Weights = "pooled_weights",
        Largest = "pooled_largest";

    private readonly OnnxGraph _graph = steps.Graph;
    private string? _stepsSoFar;

    /// <summary>What is kept from now on, by name.</summary>
    public Dictionary<string, string> Next { get; } = [];

    /// <summary>What a pooling keeps.</summary>
    /// <param name="pooling">Which.</param>
    /// <param name="size">H, numbers of a state.</param>
    public static IEnumerable<OnnxState> States(SequencePooling pooling, int size) => pooling switch
    {
        SequencePooling.Mean => [new(Total, size), new(Steps, 1)],
        SequencePooling.Max => [new(Most, size), new(Steps, 1)],
        SequencePooling.MaxMeanLast => [new(Most, size), new(Total, size), new(Steps, 1)],
        SequencePooling.Attention => [new(Total, size), new(Weights, 1), new(Largest, 1)],
        _ => [],
    };

    /// <summary>What is pooled of all steps so far.</summary>
    /// <exception cref="NotSupportedException">The pooling cannot be written as ONNX.</exception>
    public string Pool(SequencePooling pooling) => pooling switch
    {
        SequencePooling.Last => states.Last,
        SequencePooling.Mean => Mean(),
        SequencePooling.Max => Max(),
        SequencePooling.MaxMeanLast => _graph.Concat(1, Max(), Mean(), states.Last),
        SequencePooling.Attention => Attention(),
        _ => throw new NotSupportedException($"The pooling '{pooling}' cannot be written as ONNX."),
    };

    private string Mean()
    {
        string sum = Keep(Total, _graph.Sum(kept[Total], Sum(states.EveryStep)));
        return _graph.Quotient(sum, AtLeastOne(StepsSoFar()));
    }

    private string Max()
    {
        string before = _graph.Where(IsAny(kept[Steps]), kept[Most], Lowest());
        string part = _graph.ReduceMax(_graph.Where(steps.MaskOfRows, states.EveryStep, Lowest()), 0);
        return Keep(Most, _graph.Where(IsAny(StepsSoFar()), _graph.Node("Max", [before, part]), _graph.Number(0)));
    }

    private string Attention()
    {
        string vector = _graph.Weights("pooling.v", weights.Vector("pooling.v"));
        string scores = _graph.MatMul(states.EveryStep, _graph.Reshape(vector, -1, 1));                     // [T + 1, B, 1]
        scores = _graph.Where(steps.MaskOfRows, scores, Lowest());
        string before = _graph.Where(IsAny(kept[Weights]), kept[Largest], Lowest());                        // [B, 1]
        string largest = _graph.Node("Max", [before, _graph.ReduceMax(scores, 0)]);
        string share = _graph.Node("Exp", [_graph.Difference(before, largest)]);
        string shares = _graph.Where(steps.MaskOfRows, _graph.Node("Exp", [_graph.Difference(scores, largest)]),
            _graph.Number(0));
        string all = Keep(Weights, _graph.Sum(_graph.Product(kept[Weights], share), Sum(shares)));
        string sum = Keep(Total, _graph.Sum(_graph.Product(kept[Total], share),
            Sum(_graph.Product(states.EveryStep, shares))));
        Keep(Largest, _graph.Where(IsAny(all), largest, _graph.Number(0)));
        return _graph.Quotient(sum, _graph.Where(IsAny(all), all, _graph.Number(1)));
    }

    /// <summary>[B, 1] as floats.</summary>
    private string StepsSoFar() => _stepsSoFar ??= Keep(Steps,
        _graph.Sum(kept[Steps], _graph.Reshape(_graph.Cast(steps.Lengths, OnnxElement.Float), -1, 1)));

    private string Keep(string name, string value) => Next[name] = value;

    /// <summary>[B, D] the sum over T + 1 steps: their mean as many times.</summary>
    private string Sum(string rows) =>
        _graph.Product(_graph.ReduceMean(rows, 0), _graph.Cast(steps.Padded, OnnxElement.Float));

    private string IsAny(string count) => _graph.Less(_graph.Number(0), count);

    private string AtLeastOne(string count) => _graph.Where(IsAny(count), count, _graph.Number(1));

    private string Lowest() => _graph.Number(OnnxPooling.Lowest);
}
