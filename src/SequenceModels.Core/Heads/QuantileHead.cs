namespace SequenceModels.Heads;

/// <summary>
/// Several labels a row, each with Q outputs: a point, by squared or absolute error, unless the head has quantiles only, then its
/// quantiles. Outputs of label j are j Q to j Q + Q - 1. The loss of a row is the mean over its labels of the sum of their
/// outputs' losses; a label that is NaN is not known, and adds nothing.
/// </summary>
/// <remarks>
/// With e = label - output: squared error e^2 / 2, absolute error |e|, pinball loss of quantile q: q e for e > 0, else (q - 1) e,
/// which is smallest at the quantile. Koenker and Bassett, "Regression Quantiles", Econometrica 46, 1978.
/// </remarks>
internal sealed unsafe class QuantileHead(HeadKind kind, IReadOnlyList<float> quantiles) : IHead
{
    private readonly int _points = kind == HeadKind.Pinball ? 0 : 1;

    /// <summary>Q of a head.</summary>
    public static int OutputsOf(HeadKind kind, int quantiles) => quantiles + (kind == HeadKind.Pinball ? 0 : 1);

    /// <summary>Whether there are as many outputs as a whole number of labels has.</summary>
    public static bool Fits(HeadKind kind, int outputs, int quantiles) => OutputsOf(kind, quantiles) is > 0 and var each &&
        outputs % each == 0;

    /// <summary>Which output of a label is its point, or the quantile in the middle.</summary>
    public static int PointOf(HeadKind kind, int quantiles) => kind == HeadKind.Pinball ? quantiles / 2 : 0;

    /// <summary>Whether a head is one of these.</summary>
    public static bool Is(HeadKind kind) => kind is HeadKind.SquaredError or HeadKind.AbsoluteError or HeadKind.Pinball;

    public string Describe(int outputs) => "forecasts";

    public int LabelSize(int outputs) => outputs / OutputsOf(kind, quantiles.Count);

    /// <summary>A number for each label.</summary>
    public int DecisionSize(int outputs) => LabelSize(outputs);

    /// <summary>Of the values on the scale on which they are learned, all labels of a row alike.</summary>
    public ValidationMetrics Metrics(in MeasuredOutputs measured) => new()
    {
        Loss = measured.MeanLoss,
        RootMeanSquaredError = Math.Sqrt(measured.SquaredError / measured.Compared),
    };

    public double Loss(OutputRows outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, float smoothing)
    {
        int each = _points + quantiles.Count, count = outputs.Count / each;
        double loss = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            double share = weights[row] / (double)count, sum = 0;
            for (int j = 0; j < count; j++)
            {
                var own = new Span<float>(outputs[row] + j * each, each);
                float label = labels[row * count + j];
                if (float.IsNaN(label))
                    own.Clear();
                else
                    sum += Loss(own, label, share);
            }
            loss += share * sum;
        }
        return loss;
    }

    public void Decide(OutputRows outputs, Span<float> decisions)
    {
        int each = _points + quantiles.Count, count = outputs.Count / each;
        for (int row = 0; row < outputs.Rows; row++)
            for (int j = 0; j < count; j++)
                decisions[row * count + j] = outputs[row][j * each + PointOf(kind, quantiles.Count)];
    }

    public void Predict(OutputRows outputs) { }

    /// <summary>Of one label; its outputs [Q] become their gradients, times the share.</summary>
    private double Loss(Span<float> outputs, float label, double share)
    {
        double loss = 0;
        for (int q = 0; q < outputs.Length; q++)
        {
            double error = (double)label - outputs[q], slope;
            if (q >= _points)
            {
                double quantile = quantiles[q - _points];
                slope = error > 0 ? quantile : quantile - 1;
                loss += slope * error;
            }
            else if (kind == HeadKind.SquaredError)
            {
                slope = error;
                loss += error * error / 2;
            }
            else
            {
                slope = Math.Sign(error);
                loss += Math.Abs(error);
            }
            outputs[q] = (float)(-share * slope);
        }
        return loss;
    }
}
