using SequenceModels.Heads;

namespace SequenceModels.Tests.Reference;

/// <summary>
/// The losses of one example, from the formulas; smoothing gives every class its share of the truth. Several labels at once are one number:
/// label k is its bit k.
/// </summary>
internal static class ReferenceLoss
{
    public static double Of(HeadKind head, double[] outputs, double label, double smoothing = 0) => head switch
    {
        HeadKind.Sigmoid => CrossEntropy([1 / (1 + Math.Exp(outputs[0])), 1 / (1 + Math.Exp(-outputs[0]))], (int)label, smoothing),
        HeadKind.Softmax => CrossEntropy(Softmax(outputs), (int)label, smoothing),
        HeadKind.MultiLabel => outputs.Select((output, k) => Of(HeadKind.Sigmoid, [output], Bit((float)label, k), smoothing)).Sum(),
        HeadKind.Regression => (outputs[0] - label) * (outputs[0] - label) / 2,
        _ => throw new ArgumentOutOfRangeException(nameof(head), head, "There is no textbook loss for this head."),
    };

    public static float Bit(float label, int k) => ((int)label >> k) & 1;

    private static double CrossEntropy(double[] probabilities, int label, double smoothing) => probabilities
        .Select((p, k) => -((k == label ? 1 - smoothing : 0) + smoothing / probabilities.Length) * Math.Log(p)).Sum();

    public static double[] Softmax(double[] logits)
    {
        double sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }
}
