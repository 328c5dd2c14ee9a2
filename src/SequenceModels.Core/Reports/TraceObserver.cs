using System.Numerics.Tensors;
using SequenceModels.Layers;

namespace SequenceModels.Reports;

/// <summary>Writes down the gates of one layer and direction while a single sequence passes through it.</summary>
/// <param name="layer">The layer and direction that is measured.</param>
/// <param name="steps">T.</param>
internal sealed class TraceObserver(Recurrent layer, int steps) : IBackwardObserver
{
    private readonly float[] _values = new float[layer.RecurrentWeight.Units];

    /// <summary>[gates + 1][T] the mean absolute values of the gates and, last, of the hidden state.</summary>
    public float[][] Means { get; } = [.. Enumerable.Range(0, layer.Cell.GateNames.Count + 1).Select(_ => new float[steps])];

    public void Observe(in BackwardStep step)
    {
        int time = layer.IsReverse ? steps - 1 - step.Step : step.Step;
        for (int gate = 0; gate < layer.Cell.GateNames.Count; gate++)
        {
            Array.Clear(_values);
            step.AddGate(gate, 0, _values);
            Means[gate][time] = TensorPrimitives.SumOfMagnitudes<float>(_values) / _values.Length;
        }
        Means[^1][time] = TensorPrimitives.SumOfMagnitudes(step.State(0)) / _values.Length;
    }
}
