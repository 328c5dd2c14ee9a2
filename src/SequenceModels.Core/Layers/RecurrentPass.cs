using SequenceModels.Cells;
using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>What one layer and direction remembers between forward and backward, for one batch.</summary>
internal sealed unsafe class RecurrentPass
{
    /// <summary>[panel][rows][G·U] Wx, then the gates' values, then dWx.</summary>
    public FloatBuffer Wx { get; } = new();

    /// <summary>[panel][rows][G·U] Rh, then dRh; only of cells that take their products apart.</summary>
    public FloatBuffer Rh { get; } = new();

    /// <summary>[rows, H] the hidden state before each step.</summary>
    public FloatBuffer PreviousHidden { get; } = new();

    /// <summary>[rows, H] the cell state before each step.</summary>
    public FloatBuffer PreviousCellState { get; } = new();

    /// <summary>[rows, H] what the cell saves for its way back.</summary>
    public FloatBuffer Saved { get; } = new();

    /// <summary>[n at the first step, H] the cell state after the present step.</summary>
    public FloatBuffer CellState { get; } = new();

    /// <summary>[n at the first step, H] dLoss/dh on its way to the earlier step.</summary>
    public FloatBuffer HiddenGradient { get; } = new();

    /// <summary>[n at the first step, H] dLoss/dc on its way to the earlier step.</summary>
    public FloatBuffer CellStateGradient { get; } = new();

    /// <summary>Makes room for a forward pass.</summary>
    public void Reserve(RecurrentCell cell, int hidden, int rows, int sequences)
    {
        long states = (long)rows * hidden;
        Wx.Reserve(states * cell.Gates);
        PreviousHidden.Reserve(states);
        if (cell.ProductsApart)
            Rh.Reserve(states * cell.Gates);
        if (cell.Saves)
            Saved.Reserve(states);
        if (cell.HasCellState)
        {
            PreviousCellState.Reserve(states);
            CellState.Reserve((long)sequences * hidden);
        }
    }

    /// <summary>Makes room for the backward pass and clears the gradients that it carries through time.</summary>
    public void BeginBackward(RecurrentCell cell, int hidden, int sequences)
    {
        long states = (long)sequences * hidden;
        HiddenGradient.Reserve(states);
        HiddenGradient.Clear(states);
        if (!cell.HasCellState)
            return;
        CellStateGradient.Reserve(states);
        CellStateGradient.Clear(states);
    }
}
