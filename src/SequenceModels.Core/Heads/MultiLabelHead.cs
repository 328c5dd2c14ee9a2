namespace SequenceModels.Heads;

/// <summary>
/// Several things at once, each there or not, as the notes of a chord: K logits s, p = 1 / (1 + e^-s), loss the sum over all K of
/// -log p or -log(1 - p). The scores are the probabilities.
/// </summary>
/// <remarks>
/// Boulanger-Lewandowski, Bengio and Vincent, "Modeling Temporal Dependencies in High-Dimensional Sequences", ICML 2012.
/// </remarks>
internal sealed unsafe class MultiLabelHead : IHead
{
    public int LabelSize(int outputs) => outputs;

    public string Describe(int outputs) => $"{Counted.Of(outputs, "label")} at once";

    /// <summary>The log-odds.</summary>
    public float[] PriorBias(double[] counts, double total) =>
        Array.ConvertAll(counts, count => (float)Math.Log((count + 0.5) / (total - count + 0.5)));

    public double Loss(OutputRows outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, float smoothing)
    {
        double loss = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            float* logits = outputs[row];
            ReadOnlySpan<float> wanted = labels.Slice(row * outputs.Count, outputs.Count);
            double sum = 0;
            for (int k = 0; k < outputs.Count; k++)
            {
                double s = logits[k], y = wanted[k] * (1.0 - smoothing) + smoothing / 2.0, e = Math.Exp(-Math.Abs(s));
                logits[k] = weights[row] * (float)((s >= 0 ? 1 : e) / (1 + e) - y);
                // log(1 + e^s) - y s, without overflow for large s
                sum += Math.Max(s, 0) + Math.Log(1 + e) - y * s;
            }
            new Span<float>(logits + outputs.Count, outputs.Stride - outputs.Count).Clear();
            loss += weights[row] * sum;
        }
        return loss;
    }

    /// <summary>How many things are more likely there than not.</summary>
    public void Decide(OutputRows outputs, Span<float> decisions)
    {
        for (int row = 0; row < outputs.Rows; row++)
        {
            decisions[row] = 0;
            for (int k = 0; k < outputs.Count; k++)
                decisions[row] += outputs[row][k] > 0 ? 1 : 0;
        }
    }

    public void Predict(OutputRows outputs)
    {
        for (int row = 0; row < outputs.Rows; row++)
            for (int k = 0; k < outputs.Count; k++)
            {
                double s = outputs[row][k], e = Math.Exp(-Math.Abs(s));
                outputs[row][k] = (float)((s >= 0 ? 1 : e) / (1 + e));
            }
    }
}
