namespace SequenceModels.Heads;

/// <summary>
/// Regression: one output y on the labels' standardised scale, loss (y - (label - mean) / deviation)^2 / 2. The score is
/// mean + deviation * y.
/// </summary>
internal sealed class RegressionHead(LabelTransform labels) : IHead
{
    public HeadKind Kind => HeadKind.Regression;

    public double Loss(Span<float> outputs, float label)
    {
        double error = outputs[0] - ((double)label - labels.Mean) / labels.Deviation;
        outputs[0] = (float)error;
        return error * error / 2;
    }

    public void Predict(Span<float> outputs) => outputs[0] = labels.Mean + labels.Deviation * outputs[0];
}
