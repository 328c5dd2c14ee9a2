namespace SequenceModels.Heads;

/// <summary>Binary classification: one logit s, p = 1 / (1 + e^-s), loss -log p or -log(1 - p). The score is the logit.</summary>
internal sealed class SigmoidHead : IHead
{
    public HeadKind Kind => HeadKind.Sigmoid;

    public double Loss(Span<float> outputs, float label)
    {
        double s = outputs[0];
        double y = label;
        outputs[0] = (float)(1 / (1 + Math.Exp(-s)) - y);
        // log(1 + e^s) - y s, without overflow for large s
        return Math.Max(s, 0) + Math.Log(1 + Math.Exp(-Math.Abs(s))) - y * s;
    }

    public void Predict(Span<float> outputs) { }
}
