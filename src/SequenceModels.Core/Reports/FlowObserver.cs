using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Reports;

/// <summary>
/// Sums up, for one layer and direction, how large dLoss/dh is at each distance from the end, and what the keeping gate lets
/// through.
/// </summary>
/// <param name="layer">The layer and direction that is measured.</param>
/// <param name="batch">The sequences that pass through it.</param>
internal sealed class FlowObserver(Recurrent layer, SequenceBatch batch) : IBackwardObserver
{
    private readonly float[] _gateOfStep = new float[layer.RecurrentWeight.Units];

    /// <summary>By steps back: the sum over sequences of the squared norms.</summary>
    public double[] Squares { get; } = new double[batch.Steps];

    /// <summary>By steps back: how many sequences are that long.</summary>
    public int[] Sequences { get; } = new int[batch.Steps];

    /// <summary>[H] the sum over all steps of the gate that keeps the state.</summary>
    public double[] Kept { get; } = new double[layer.RecurrentWeight.Units];

    public void Observe(in BackwardStep step)
    {
        int time = layer.IsReverse ? batch.Steps - 1 - step.Step : step.Step;
        for (int k = 0; k < step.Alive; k++)
        {
            int back = layer.IsReverse ? time : batch.Length(k) - 1 - time;
            Squares[back] += step.SquaredStateGradient(k);
            Sequences[back]++;
        }
        if (layer.Cell.RetainGate is not { } gate)
            return;
        Array.Clear(_gateOfStep);
        for (int k = 0; k < step.Alive; k++)
            step.AddGate(gate, k, _gateOfStep);
        for (int unit = 0; unit < Kept.Length; unit++)
            Kept[unit] += _gateOfStep[unit];
    }
}
