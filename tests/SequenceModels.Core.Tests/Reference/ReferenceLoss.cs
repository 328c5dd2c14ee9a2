using SequenceModels.Heads;

namespace SequenceModels.Tests.Reference;

/// <summary>The losses of one example, from the formulas.</summary>
internal static class ReferenceLoss
{
    public static double Of(HeadKind head, double[] outputs, double label) => head switch
    {
        HeadKind.Sigmoid => -Math.Log(1 / (1 + Math.Exp(label == 1 ? -outputs[0] : outputs[0]))),
        HeadKind.Softmax => -Math.Log(Softmax(outputs)[(int)label]),
        HeadKind.Regression => (outputs[0] - label) * (outputs[0] - label) / 2,
        _ => throw new ArgumentOutOfRangeException(nameof(head), head, "There is no textbook loss for this head."),
    };

    public static double[] Softmax(double[] logits)
    {
        double sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }
}
