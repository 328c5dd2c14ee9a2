namespace SequenceModels.Cells;

/// <summary>
/// One time step of one panel: U units of the n sequences that are alive. Row r of a buffer belongs to the r-th longest sequence.
/// </summary>
/// <remarks>
/// Units beyond H are padding: they are zero on the way in, and a cell leaves them zero in h, c and all gradients.
/// </remarks>
internal unsafe struct CellStep
{
    /// <summary>n.</summary>
    public int Rows;

    /// <summary>U, a multiple of 16.</summary>
    public int Units;

    /// <summary>H: of a cell that reads whole rows, how many of the units are no padding.</summary>
    public int HiddenSize;

    /// <summary>
    /// [n, G·U] the input's product with W, and its bias; of a cell that takes its products together, the recurrent product too.
    /// Forward turns gates into their values there, Backward leaves dWx.
    /// </summary>
    public float* Wx;

    /// <summary>
    /// [n, G·U] the hidden state's product with R, and its bias. Null for a cell that takes its products together.
    /// </summary>
    public float* Rh;

    /// <summary>[n, U] h before the step, <see cref="StateStride"/> floats a row.</summary>
    public float* PreviousHidden;

    /// <summary>[n, U] h after the step, <see cref="HiddenStride"/> floats a row: the layer's output.</summary>
    public float* Hidden;

    /// <summary>
    /// [n, U] h after the step once more, where the next step finds it, <see cref="StateStride"/> floats a row.
    /// </summary>
    public float* NextHidden;

    /// <summary>[n, U] c before the step, <see cref="StateStride"/> floats a row. Null for a cell with one state.</summary>
    public float* PreviousCellState;

    /// <summary>[n, U] c after the step, where the next step finds it, <see cref="StateStride"/> floats a row.</summary>
    public float* NextCellState;

    /// <summary>Whether Backward will follow: then Forward leaves in Wx, Rh and Saved what it needs.</summary>
    public bool KeepsForBackward;

    /// <summary>[n, S·U] values for Backward, <see cref="SavedStride"/> floats a row. Null for a cell that keeps none.</summary>
    public float* Saved;

    /// <summary>[P·U] the cell's own parameters, or a row of them for each row. Null for a cell that has none.</summary>
    public float* Parameters;

    /// <summary>Floats from one row's parameters to those of the next; 0: all rows have the same.</summary>
    public nint ParameterStride;

    /// <summary>Floats from one row of Wx and Rh to the next.</summary>
    public nint GateStride;

    public nint HiddenStride, StateStride, SavedStride;
}

/// <summary>The way back through a <see cref="CellStep"/>. Backward reads the first two and writes the others.</summary>
internal unsafe struct CellGradient
{
    /// <summary>The step as Forward left it. Its Wx and Rh become dWx and dRh.</summary>
    public CellStep Step;

    /// <summary>[n, U] dLoss/dh that comes from above, <see cref="CellStep.HiddenStride"/> floats a row.</summary>
    public float* FromAbove;

    /// <summary>
    /// [n, U] dLoss/dh that comes from the later step; Backward leaves the part of dLoss/dh of the earlier step that does not
    /// pass through R. <see cref="CellStep.StateStride"/> floats a row.
    /// </summary>
    public float* Hidden;

    /// <summary>
    /// [G·U] the gradient of the bias in Wx; Backward adds the sum over its rows. Null for a cell without biases.
    /// </summary>
    public float* Bias;

    /// <summary>[G·U] the gradient of the bias in Rh, likewise. Null also for a cell that takes its products together.</summary>
    public float* RecurrentBias;

    /// <summary>[n, U] dLoss/dc from the later step, then of the earlier one. Null for a cell with one state.</summary>
    public float* CellState;

    /// <summary>[P·U] the gradient of the cell's own parameters; Backward adds the sum over its rows.</summary>
    public float* Parameters;
}
