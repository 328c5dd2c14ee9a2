using SequenceModels.Cells;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>Where a cell finds and leaves everything at each step and panel of a pass.</summary>
/// <param name="cell">The memory.</param>
/// <param name="weight">R, whose panels the gates are in.</param>
/// <param name="parameters">[panel][P·U] the cell's own; null where it has none.</param>
/// <param name="pass">The buffers.</param>
/// <param name="order">The order of the steps.</param>
/// <param name="wx">Rows of Wx.</param>
/// <param name="rh">Rows of Rh; those of Wx where the cell takes the products together.</param>
/// <param name="hidden">[rows, H] the layer's output.</param>
/// <param name="hiddenStride">Floats from one of its rows to the next.</param>
/// <param name="stateStride">H, padded.</param>
internal readonly unsafe ref struct CellStepLayout(RecurrentCell cell, Parameter weight, float* parameters, RecurrentPass pass,
    StepOrder order,
    ProductRows wx, ProductRows rh, float* hidden, nint hiddenStride, int stateStride)
{
    private readonly float* _hidden = hidden, _parameters = parameters;

    /// <summary>A step's first panel.</summary>
    /// <param name="step">The step.</param>
    /// <param name="row">Its first row in Wx.</param>
    public CellStep Of(int step, int row)
    {
        // A sequence that ends here leaves its state where a later step will put another before anyone reads it.
        nint state = (nint)order.StateRow(step) * stateStride, next = (nint)order.StateRow(step + 1) * stateStride;
        return new CellStep
        {
            Rows = order.Alive(step),
            Units = weight.WidthOf(0) / cell.Gates,
            HiddenSize = weight.Units,
            Wx = wx.At(0, row),
            Rh = cell.SeparateProducts ? rh.At(0, row) : null,
            GateStride = wx.RowStride(0),
            PreviousHidden = pass.PreviousHidden.Data + state,
            NextHidden = pass.PreviousHidden.Data + next,
            Hidden = _hidden + order.Row(step) * hiddenStride,
            PreviousCellState = cell.HasCellState ? pass.PreviousCellState.Data + state : null,
            NextCellState = cell.HasCellState ? pass.PreviousCellState.Data + next : null,
            KeepsForBackward = order.KeepsForBackward,
            Saved = cell.SavedValues > 0 ? pass.Saved.Data + (long)row * stateStride * cell.SavedValues : null,
            SavedStride = (nint)stateStride * cell.SavedValues,
            Parameters = _parameters,
            HiddenStride = hiddenStride,
            StateStride = stateStride,
        };
    }

    /// <summary>The same step's panel <paramref name="panel"/>.</summary>
    public CellStep OfPanel(CellStep step, int panel, int row)
    {
        int unit = panel * weight.UnitsPerPanel;
        step.Units = weight.WidthOf(panel) / cell.Gates;
        step.Wx = wx.At(panel, row);
        step.GateStride = wx.RowStride(panel);
        step.PreviousHidden += unit;
        step.NextHidden += unit;
        step.Hidden += unit;
        if (cell.SeparateProducts)
            step.Rh = rh.At(panel, row);
        if (cell.HasCellState)
        {
            step.PreviousCellState += unit;
            step.NextCellState += unit;
        }
        step.Saved += unit * cell.SavedValues;
        step.Parameters += unit * cell.Parameters.Count;
        return step;
    }
}
