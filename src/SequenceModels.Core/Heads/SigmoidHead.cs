namespace SequenceModels.Heads;

/// <summary>Binary classification: one logit s, p = 1 / (1 + e^-s), loss -log p or -log(1 - p). The score is the logit.</summary>
/// <remarks>
/// Smoothing by e makes the label y to y (1 - e) + e / 2, and the loss that of the mean label: -y log p - (1 - y) log(1 - p).
/// </remarks>
internal sealed unsafe class SigmoidHead : IHead
{
    public int NumberOfClasses(int outputs) => 2;

    public bool HasLogit => true;

    public string Describe(int outputs) => "binary classification";

    public ValidationMetrics Metrics(in MeasuredOutputs measured) => new()
    {
        Loss = measured.MeanLoss,
        Accuracy = measured.Accuracy,
        LogLoss = measured.MeanLoss / Math.Log(2),
        AreaUnderRocCurve = measured.AreaUnderRocCurve,
    };

    public double Loss(OutputRows outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, float smoothing)
    {
        double loss = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            double s = outputs[row][0], y = labels[row] * (1.0 - smoothing) + smoothing / 2.0;
            outputs[row][0] = weights[row] * (float)(1 / (1 + Math.Exp(-s)) - y);
            // log(1 + e^s) - y s, without overflow for large s
            loss += weights[row] * (Math.Max(s, 0) + Math.Log(1 + Math.Exp(-Math.Abs(s))) - y * s);
        }
        return loss;
    }

    public void Decide(OutputRows outputs, Span<float> decisions)
    {
        for (int row = 0; row < outputs.Rows; row++)
            decisions[row] = outputs[row][0];
    }

    public void Predict(OutputRows outputs) { }
}
