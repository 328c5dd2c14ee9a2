using SequenceModels.Layers;
using SequenceModels.Parameters;

namespace SequenceModels.Heads;

/// <summary>Every head there is.</summary>
internal static class HeadRegistry
{
    /// <summary>The end of a network.</summary>
    /// <param name="spec">Its shape.</param>
    /// <param name="parameters">Gets what the head learns beside the dense layer.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="vectors">How many vectors of H numbers a row of features is.</param>
    /// <param name="table">[V + 1, H] an embedding whose vectors are the weights; null: the layer has its own.</param>
    /// <param name="labels">Of numbers.</param>
    /// <param name="stepSize">Numbers of a step, from which a linear path leads to the outputs.</param>
    public static OutputLayer CreateLayer(OutputSpec spec, ParameterSet parameters, int hiddenSize, int vectors,
        Parameter? table,
        LabelTransform labels, int stepSize)
    {
        IDense dense = IDense.Create(parameters, vectors * hiddenSize, vectors, spec.NumberOfOutputs, table);
        return spec.Head == HeadKind.Crf ? new CrfOutputLayer(parameters, dense, spec.NumberOfOutputs, spec.Constraints)
            : spec.Head == HeadKind.Ctc ? new CtcOutputLayer(dense, spec.NumberOfOutputs)
            : new RowOutputLayer(dense, Create(spec.Head, labels, spec.Quantiles), spec.NumberOfOutputs,
                spec.RowFeatureSize == 0 ? null : new RowFeatureLayer(parameters, spec.RowFeatureSize, spec.NumberOfOutputs),
                spec.LinearSteps == 0 ? null : new LinearPath(parameters, spec.LinearSteps, stepSize, spec.NumberOfOutputs));
    }

    /// <summary>Whether the labels of a head are classes.</summary>
    public static bool HasClasses(HeadKind kind) => kind is HeadKind.Sigmoid or HeadKind.Softmax or HeadKind.Crf;

    /// <summary>Whether the labels of a head are numbers that are learned on a scale of mean 0 and deviation 1.</summary>
    public static bool StandardisesLabels(HeadKind kind) => kind == HeadKind.Regression;

    /// <summary>Whether a sequence has one decision and one loss, for which all of its steps must be known.</summary>
    public static bool DecidesOnWholeSequences(HeadKind kind) => kind == HeadKind.Crf;

    /// <summary>
    /// Whether the loss is of a whole sequence, for which all of its outputs must be known; its scores may need only the steps
    /// so far.
    /// </summary>
    public static bool LearnsWholeSequences(HeadKind kind) => kind is HeadKind.Crf or HeadKind.Ctc;

    private static IHead Create(HeadKind kind, LabelTransform labels, Quantiles quantiles) => kind switch
    {
        HeadKind.Sigmoid => new SigmoidHead(),
        HeadKind.Softmax => new SoftmaxHead(),
        HeadKind.MultiLabel => new MultiLabelHead(),
        HeadKind.Regression => new RegressionHead(labels),
        HeadKind.SquaredError or HeadKind.AbsoluteError or HeadKind.Pinball => new QuantileHead(kind, quantiles),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such head."),
    };
}
