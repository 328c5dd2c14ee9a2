using SequenceModels.Heads;
using SequenceModels.Kernels;

namespace SequenceModels.Tests.Reference;

/// <summary>
/// The losses of one example, from the formulas; smoothing gives every class its share of the truth.
/// Several labels at once are one number: label k is its bit k.
/// </summary>
internal static class ReferenceLoss
{
    public static double Of(HeadKind head, double[] outputs, double label, double smoothing = 0) => head switch
    {
        HeadKind.Sigmoid =>
            CrossEntropy([1 / (1 + Math.Exp(outputs[0])), 1 / (1 + Math.Exp(-outputs[0]))], (int)label, smoothing),
        HeadKind.Softmax => CrossEntropy(Softmax(outputs), (int)label, smoothing),
        HeadKind.MultiLabel =>
            outputs.Select((output, k) => Of(HeadKind.Sigmoid, [output], Bit((float)label, k), smoothing)).Sum(),
        HeadKind.Regression => (outputs[0] - label) * (outputs[0] - label) / 2,
        _ => throw new ArgumentOutOfRangeException(nameof(head), head, "There is no textbook loss for this head."),
    };

    public static float Bit(float label, int k) => ((int)label >> k) & 1;

    /// <summary>
    /// Several labels, each with a point (squared or absolute error) unless there are quantiles only, and its quantiles (pinball
    /// loss): the mean over labels, of which unknown ones are 0.
    /// </summary>
    public static double OfLabels(HeadKind head, double[] outputs, float[] labels, IReadOnlyList<float> quantiles)
    {
        double sum = 0;
        int place = 0;
        foreach (float label in labels)
        {
            double known = float.IsNaN(label) ? 0 : 1;
            if (head == HeadKind.SquaredError)
                sum += known * Math.Pow(Known(label) - outputs[place++], 2) / 2;
            else if (head == HeadKind.AbsoluteError)
                sum += known * Math.Abs(Known(label) - outputs[place++]);
            foreach (double q in quantiles)
            {
                double error = Known(label) - outputs[place++];
                sum += known * Math.Max(q * error, (q - 1) * error);
            }
        }
        return sum / labels.Length;
    }

    private static double Known(float label) => float.IsNaN(label) ? 0 : label;

    private static double CrossEntropy(double[] probabilities, int label, double smoothing) => probabilities
        .Select((p, k) => -((k == label ? 1 - smoothing : 0) + smoothing / probabilities.Length) * Math.Log(p)).Sum();

    public static double[] Softmax(double[] logits)
    {
        double sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }
}
