using System.Numerics.Tensors;
using SequenceModels.Cells;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>Looks at a layer's way back through time without changing it.</summary>
internal interface IBackwardObserver
{
    /// <summary>
    /// Is called at each step, from the last to the first, before the cell turns the step's gates into their gradients.
    /// </summary>
    void Observe(in BackwardStep step);
}

/// <summary>
/// One step of the way back, at the moment when the gates' values and the whole dLoss/dh of the step are both in memory.
/// </summary>
internal readonly unsafe ref struct BackwardStep
{
    private readonly Parameter _weight;
    private readonly ProductRows _wx;
    private readonly CellStep _cell;
    private readonly int _row;
    private readonly float* _fromAbove, _carried;

    /// <param name="weight">R, whose panels the gates are in.</param>
    /// <param name="wx">The gates' values.</param>
    /// <param name="cell">The step's states.</param>
    /// <param name="step">Its place in the order in which the layer walks, from 0.</param>
    /// <param name="row">Its first row in Wx.</param>
    /// <param name="fromAbove">[n, H] the part of dLoss/dh that comes from the layer above.</param>
    /// <param name="carried">[n, H] the part that comes from the later step.</param>
    public BackwardStep(Parameter weight, in ProductRows wx, in CellStep cell, int step, int row, float* fromAbove,
        float* carried)
    {
        _weight = weight;
        _wx = wx;
        _cell = cell;
        _row = row;
        _fromAbove = fromAbove;
        _carried = carried;
        Step = step;
    }

    /// <summary>Place in the order in which the layer walks, from 0.</summary>
    public int Step { get; }

    /// <summary>n: sequences that have this step; the longest first.</summary>
    public int Alive => _cell.Rows;

    /// <summary>The square of the Euclidean norm of dLoss/dh for the k-th longest sequence.</summary>
    public double SquaredStateGradient(int k)
    {
        float* above = _fromAbove + k * _cell.HiddenStride, carried = _carried + k * _cell.StateStride;
        double sum = 0;
        for (int unit = 0; unit < _weight.Units; unit++)
        {
            double gradient = (double)above[unit] + carried[unit];
            sum += gradient * gradient;
        }
        return sum;
    }

    /// <summary>Adds the values of one gate, for the k-th longest sequence, to <paramref name="sums"/> [H].</summary>
    public void AddGate(int gate, int k, Span<float> sums)
    {
        for (int unit = 0; unit < _weight.Units; unit += _weight.UnitsPerPanel)
        {
            int panel = unit / _weight.UnitsPerPanel, count = Math.Min(_weight.UnitsPerPanel, _weight.Units - unit);
            var values = new ReadOnlySpan<float>(_wx.At(panel, _row + k) +
                gate * (_weight.WidthOf(panel) / _weight.Gates), count);
            TensorPrimitives.Add(sums.Slice(unit, count), values, sums.Slice(unit, count));
        }
    }

    /// <summary>[H] the state after the step of the k-th longest sequence.</summary>
    public ReadOnlySpan<float> State(int k) => new(_cell.Hidden + k * _cell.HiddenStride, _weight.Units);
}
