using System.Numerics.Tensors;
using SequenceModels.Kernels;

namespace SequenceModels.Heads;

/// <summary>Multiclass classification: p = softmax(outputs), loss -log p[class]. The scores are the probabilities.</summary>
internal sealed unsafe class SoftmaxHead : IHead
{
    public HeadKind Kind => HeadKind.Softmax;

    public double Loss(OutputRows outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        double loss = 0;
        for (int row = 0; row < outputs.Rows; row++)
        {
            float* logits = outputs[row];
            int target = (int)labels[row];
            double atTarget = logits[target];
            double logOfSum = Softmax.Scaled(logits, outputs.Count, outputs.Stride, weights[row]);
            logits[target] -= weights[row];
            loss += weights[row] * (logOfSum - atTarget);
        }
        return loss;
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
