namespace SequenceModels.Heads;

/// <summary>
/// Regression: one output y on the labels' standardised scale, loss (y - (label - mean) / deviation)^2 / 2. The score is
/// mean + deviation * y.
/// </summary>
internal sealed unsafe class RegressionHead(LabelTransform transform) : IHead
{
    public bool StandardisesLabels => true;

    public string Describe(int outputs) => "regression";

    public ValidationMetrics Metrics(in MeasuredOutputs measured) => new()
    {
        Loss = measured.MeanLoss,
        RootMeanSquaredError = Math.Sqrt(measured.SquaredError / measured.Weight),
        RSquared = 1 - measured.SquaredError / measured.SquaredDeviation,
    };

    public double Loss(OutputRows outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, float smoothing)
    {
        double loss = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            double error = outputs[row][0] - ((double)labels[row] - transform.Mean) / transform.Deviation;
            outputs[row][0] = weights[row] * (float)error;
            loss += weights[row] * error * error / 2;
        }
        return loss;
    }

    public double Explain(ReadOnlySpan<float> outputs, int output, Span<float> gradient)
    {
        gradient[output] = transform.Deviation;
        return transform.Mean + transform.Deviation * (double)outputs[output];
    }

    public void Decide(OutputRows outputs, Span<float> decisions)
    {
        for (int row = 0; row < outputs.Rows; row++)
            decisions[row] = transform.Mean + transform.Deviation * outputs[row][0];
    }

    public void Predict(OutputRows outputs)
    {
        for (int row = 0; row < outputs.Rows; row++)
            outputs[row][0] = transform.Mean + transform.Deviation * outputs[row][0];
    }
}
