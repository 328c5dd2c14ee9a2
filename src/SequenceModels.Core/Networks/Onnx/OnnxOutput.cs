using SequenceModels.Heads;
using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>What a network gives: names of values.</summary>
/// <param name="Scores">As <see cref="SequenceNetwork"/> scores: [B, K], or [B, T, K] with zeros beyond a sequence's end.</param>
/// <param name="Labels">
/// [B] or [B, T] the class that each comes down to, counted from 0, -1 beyond a sequence's end; null: there are no classes.
/// </param>
/// <param name="Probabilities">[B, 1] or [B, T, 1] of the positive class, where the score is a logit; else null.</param>
internal sealed record OnnxAnswers(string Scores, string? Labels, string? Probabilities);

/// <summary>The end of a network: the dense layer, and what its outputs mean.</summary>
/// <param name="network">The network.</param>
/// <param name="weights">Its weights.</param>
/// <param name="steps">The shape of the batch.</param>
internal sealed class OnnxOutput(EncoderNetwork network, OnnxWeights weights, OnnxSteps steps)
{
    private readonly OnnxGraph _graph = steps.Graph;
    private readonly OutputSpec _spec = network.Spec.Output;

    /// <summary>From features to answers.</summary>
    /// <param name="features">[B, D] of sequences, or [T + 1, B, D] of steps.</param>
    /// <param name="added">Each [B, K]: what is added to the outputs beside.</param>
    public OnnxAnswers Read(string features, IEnumerable<string> added)
    {
        string outputs = added.Aggregate(Dense(features), _graph.Sum);
        int rank = _spec.EveryStep ? 3 : 2;
        return _spec.Head switch
        {
            HeadKind.Sigmoid => Answers(outputs, Flat(_graph.Cast(_graph.Less(_graph.Number(0), outputs), OnnxElement.Int64)),
                _graph.Sigmoid(outputs)),
            HeadKind.Softmax or HeadKind.Ctc => Answers(_graph.Softmax(outputs, rank), _graph.ArgMax(outputs, rank - 1)),
            HeadKind.MultiLabel => Answers(_graph.Sigmoid(outputs)),
            HeadKind.Regression => Answers(_graph.Sum(_graph.Product(outputs, _graph.Number(network.Labels.Deviation)),
                _graph.Number(network.Labels.Mean))),
            HeadKind.SquaredError or HeadKind.AbsoluteError or HeadKind.Pinball => Answers(outputs),
            HeadKind.Crf when new OnnxCrf(_spec, weights, steps) is var crf =>
                Answers(crf.Marginals(outputs), crf.LikeliestTags(outputs)),
            _ => throw new NotSupportedException($"Outputs of the kind '{_spec.Head}' cannot be written as ONNX."),
        };
    }

    private string Dense(string features)
    {
        int outputs = _spec.NumberOfOutputs;
        string bias = _graph.Weights("output.b", weights.Vector("output.b"));
        if (!_spec.TiedEmbeddings)
            return _graph.Sum(_graph.MatMul(features, _graph.Weights("output.W", weights.Matrix("output.W"))), bias);
        // The table of the embedding by its rows: [V + 1, H].
        string rows = _graph.Reshape(features, -1, network.Spec.Encoder.HiddenSize);
        string product = _graph.Node("Gemm", [rows, weights.Table(_graph, "embedding"), bias], ("transB", 1));
        return _graph.ReshapeTo(product, _graph.Concat(0, steps.Padded, steps.Batch, _graph.Integers(outputs)));
    }

    private OnnxAnswers Answers(string scores, string? labels = null, string? probabilities = null) => !_spec.EveryStep
        ? new(scores, labels, probabilities)
        : new(Steps(scores, _graph.Number(0)), labels is null ? null : StepLabels(labels),
            probabilities is null ? null : Steps(probabilities, _graph.Number(0)));

    /// <summary>[T + 1, B, K] as [B, T, K], with a value of its own beyond each sequence's end.</summary>
    private string Steps(string rows, string beyond) => _graph.Slice(
        _graph.Transpose(_graph.Where(steps.MaskOfRows, rows, beyond), 1, 0, 2), 1, 0, -1);

    /// <summary>[T + 1, B] as [B, T].</summary>
    private string StepLabels(string labels) => _graph.Slice(
        _graph.Transpose(_graph.Where(steps.Mask, labels, _graph.Integer(-1)), 1, 0), 1, 0, -1);

    /// <summary>[B, 1] as [B], or [T + 1, B, 1] as [T + 1, B].</summary>
    private string Flat(string rows) => _spec.EveryStep
        ? _graph.ReshapeTo(rows, _graph.Concat(0, steps.Padded, steps.Batch)) : _graph.Reshape(rows, -1);
}
