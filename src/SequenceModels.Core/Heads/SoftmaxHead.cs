using System.Numerics.Tensors;
using SequenceModels.Kernels;

namespace SequenceModels.Heads;

/// <summary>Multiclass classification: p = softmax(outputs), loss -log p[class]. The scores are the probabilities.</summary>
/// <remarks>
/// Smoothing by e asks for the probabilities q = (1 - e) of the class and e / K more of all K: loss -sum q log p.
/// </remarks>
internal sealed unsafe class SoftmaxHead : IHead
{
    public int NumberOfClasses(int outputs) => outputs;

    public string Describe(int outputs) => Invariant($"{outputs:N0} classes");

    public ValidationMetrics Metrics(in MeasuredOutputs measured) =>
        new() { Loss = measured.MeanLoss, Accuracy = measured.Accuracy, LogLoss = measured.MeanLoss };

    /// <summary>The logarithms of the shares.</summary>
    public float[] PriorBias(double[] counts, double total) =>
        Array.ConvertAll(counts, count => (float)Math.Log((count + 0.5) / (total + 0.5 * counts.Length)));

    public double Loss(OutputRows outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, float smoothing)
    {
        double loss = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            float* logits = outputs[row];
            int target = (int)labels[row];
            double wanted = (1.0 - smoothing) * logits[target]; // sum of q logits
            for (int k = 0; smoothing > 0 && k < outputs.Count; k++)
                wanted += (double)smoothing / outputs.Count * logits[k];
            double logOfSum = Softmax.Scaled(logits, outputs.Count, outputs.Stride, weights[row]);
            logits[target] -= (1 - smoothing) * weights[row];
            for (int k = 0; smoothing > 0 && k < outputs.Count; k++)
                logits[k] -= smoothing / outputs.Count * weights[row];
            loss += weights[row] * (logOfSum - wanted);
        }
        return loss;
    }

    /// <summary>log(p / (1 - p)) = z - log(sum of e^z_j over all other classes j).</summary>
    /// <inheritdoc/>
    public double Explain(ReadOnlySpan<float> outputs, int output, Span<float> gradient)
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int k = 0; k < outputs.Length; k++)
            largest = k == output ? largest : Math.Max(largest, outputs[k]);
        for (int k = 0; k < outputs.Length; k++)
            sum += k == output ? 0 : Math.Exp(outputs[k] - largest);
        for (int k = 0; k < outputs.Length; k++)
            gradient[k] = k == output ? 1 : -(float)(Math.Exp(outputs[k] - largest) / sum);
        return outputs[output] - largest - Math.Log(sum);
    }

    public void Decide(OutputRows outputs, Span<float> decisions)
    {
        for (int row = 0; row < outputs.Rows; row++)
            decisions[row] = TensorPrimitives.IndexOfMax(new ReadOnlySpan<float>(outputs[row], outputs.Count));
    }

    public void Predict(OutputRows outputs)
    {
        for (int row = 0; row < outputs.Rows; row++)
            Softmax.Scaled(outputs[row], outputs.Count, outputs.Stride, factor: 1);
    }
}
