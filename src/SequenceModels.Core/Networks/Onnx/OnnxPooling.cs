using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>From the states of all steps to one vector of a sequence [B, vectors·D·H]; of an empty sequence, zero.</summary>
/// <param name="weights">The network's weights.</param>
/// <param name="steps">The shape of the batch.</param>
/// <param name="states">Of the top layer.</param>
internal sealed class OnnxPooling(OnnxWeights weights, OnnxSteps steps, OnnxStates states)
{
    /// <summary>Less than any score that a softmax is taken of.</summary>
    public const float Lowest = -1e30f;

    private readonly OnnxGraph _graph = steps.Graph;

    /// <summary>What is pooled.</summary>
    /// <exception cref="NotSupportedException">The pooling cannot be written as ONNX.</exception>
    public string Pool(SequencePooling pooling) => pooling switch
    {
        SequencePooling.Last => states.Last,
        SequencePooling.Mean => Mean(),
        SequencePooling.Max => Max(),
        SequencePooling.Attention => Attention(),
        SequencePooling.MaxMeanLast => _graph.Concat(1, Max(), Mean(), states.Last),
        _ => throw new NotSupportedException($"The pooling '{pooling}' cannot be written as ONNX."),
    };

    /// <summary>The mean over T + 1 steps, those that are not there being zero, times (T + 1) / length.</summary>
    private string Mean() => _graph.Quotient(
        _graph.Product(_graph.ReduceMean(states.EveryStep, 0), _graph.Cast(steps.Padded, OnnxElement.Float)), steps.Divisors());

    private string Max()
    {
        string there = _graph.Where(steps.MaskOfRows, states.EveryStep, _graph.Number(Lowest));
        return _graph.Where(steps.HasSteps(), _graph.ReduceMax(there, 0), _graph.Number(0));
    }

    private string Attention()
    {
        OnnxTensor vector = weights.Vector("pooling.v");
        string scores = _graph.MatMul(states.EveryStep, _graph.Weights("pooling.v", vector));            // [T + 1, B]
        scores = _graph.Where(steps.Mask, scores, _graph.Number(Lowest));
        string shares = _graph.Softmax(_graph.Transpose(scores, 1, 0), rank: 2);                         // [B, T + 1]
        string rows = _graph.Transpose(states.EveryStep, 1, 0, 2);                                       // [B, T + 1, D·H]
        string sum = _graph.MatMul(_graph.ReshapeTo(shares, _graph.Concat(0, steps.Batch, _graph.Integers(1), steps.Padded)),
            rows);
        return _graph.Reshape(sum, -1, vector.RowLength);
    }
}
