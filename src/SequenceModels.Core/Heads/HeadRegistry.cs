namespace SequenceModels.Heads;

/// <summary>Every head there is.</summary>
internal static class HeadRegistry
{
    public static IHead Create(HeadKind kind, LabelTransform labels, IReadOnlyList<float> quantiles) => kind switch
    {
        HeadKind.Sigmoid => new SigmoidHead(),
        HeadKind.Softmax => new SoftmaxHead(),
        HeadKind.Regression => new RegressionHead(labels),
        HeadKind.Means or HeadKind.Medians or HeadKind.Quantiles => new ForecastHead(kind, quantiles),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such head."),
    };
}
