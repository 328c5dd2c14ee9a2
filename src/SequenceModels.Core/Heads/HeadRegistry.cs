namespace SequenceModels.Heads;

/// <summary>Every head there is.</summary>
internal static class HeadRegistry
{
    public static IHead Create(HeadKind kind, LabelTransform labels) => kind switch
    {
        HeadKind.Sigmoid => new SigmoidHead(),
        HeadKind.Softmax => new SoftmaxHead(),
        HeadKind.MultiLabel => new MultiLabelHead(),
        HeadKind.Regression => new RegressionHead(labels),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such head."),
    };
}
