using System.Numerics.Tensors;

namespace SequenceModels.Heads;

/// <summary>Multiclass classification: p = softmax(outputs), loss -log p[class]. The scores are the probabilities.</summary>
internal sealed class SoftmaxHead : IHead
{
    public HeadKind Kind => HeadKind.Softmax;

    public double Loss(Span<float> outputs, float label)
    {
        int target = (int)label;
        double largest = TensorPrimitives.Max<float>(outputs), atTarget = outputs[target];
        double sum = Exponentials(outputs, (float)largest);
        TensorPrimitives.Divide(outputs, (float)sum, outputs);
        outputs[target] -= 1;
        return Math.Log(sum) + largest - atTarget;
    }

    public void Predict(Span<float> outputs)
    {
        double sum = Exponentials(outputs, TensorPrimitives.Max<float>(outputs));
        TensorPrimitives.Divide(outputs, (float)sum, outputs);
    }

    /// <summary>outputs = e^(outputs - largest); returns their sum.</summary>
    private static float Exponentials(Span<float> outputs, float largest)
    {
        TensorPrimitives.Subtract(outputs, largest, outputs);
        TensorPrimitives.Exp(outputs, outputs);
        return TensorPrimitives.Sum<float>(outputs);
    }
}
