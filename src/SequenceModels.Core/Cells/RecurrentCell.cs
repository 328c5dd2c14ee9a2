namespace SequenceModels.Cells;

/// <summary>
/// One kind of memory: what happens to the state between two time steps, and nothing else. A cell is gate algebra: the layer
/// computes the products, walks through time and keeps the buffers.
/// </summary>
internal abstract class RecurrentCell
{
    /// <summary>The name in a network's description and file.</summary>
    public abstract string Name { get; }

    /// <summary>The name of the trainers' method that offers the cell.</summary>
    public virtual string Family => Name;

    /// <summary>Which of its family's variants the cell is.</summary>
    public virtual RecurrentCellKind Kind => RecurrentCellKind.Standard;

    /// <summary>G: gates, a candidate counted as one.</summary>
    public abstract int Gates { get; }

    /// <summary>
    /// [G] what each gate is called, in the order in which Forward leaves their values in Wx; empty where it leaves none.
    /// </summary>
    public virtual IReadOnlyList<string> GateNames => [];

    /// <summary>
    /// The gate whose value is the share of the state that a step keeps of the one before; null where there is none.
    /// </summary>
    public virtual int? RetainGate => null;

    /// <summary>Whether the cell keeps a second state, the cell state c, beside h.</summary>
    public virtual bool HasCellState => false;

    /// <summary>S: how many values a unit Forward leaves in <see cref="CellStep.Saved"/>.</summary>
    public virtual int SavedValues => 0;

    /// <summary>
    /// [P] vectors of H numbers of the cell's own, which are learned like all weights: peepholes, gains, shifts. W,
    /// R and their biases belong to the layer.
    /// </summary>
    public virtual IReadOnlyList<CellParameter> Parameters => [];

    /// <summary>
    /// Whether Wx and Rh reach the cell apart (and so have a bias each). A cell that only ever adds them takes them together: the
    /// recurrent product is then added onto Wx as it is computed.
    /// </summary>
    public virtual bool SeparateProducts => false;

    /// <summary>Whether the layer adds a bias to each product. A cell that normalises the products shifts them itself.</summary>
    public virtual bool HasBiases => true;

    /// <summary>
    /// Whether the cell must see all units of a row together, as a mean over them does: all gates then stand in one panel.
    /// Else it is given some units at a time, while their gates still lie in the cache.
    /// </summary>
    public virtual bool ReadsWholeRows => false;

    /// <summary>What the cell is in ONNX; null where ONNX has no such operator.</summary>
    public virtual OnnxCell? Onnx => null;

    /// <summary>What the bias of a gate is before training.</summary>
    public virtual float InitialBias(int gate) => 0;

    /// <summary>
    /// Units whose gates stand together in a panel: as many as fill 64 columns, at least 16; or all of them.
    /// </summary>
    /// <param name="hidden">H.</param>
    public int UnitsPerPanel(int hidden) => ReadsWholeRows ? Kernels.Rows.Padded(hidden) : Math.Max(16, 64 / Gates / 16 * 16);

    /// <summary>Reads Wx, Rh and the previous state; writes the state.</summary>
    public abstract void Forward(in CellStep step);

    /// <summary>Reads the gradient of the state; writes dWx, dRh and the gradient of the previous state.</summary>
    public abstract void Backward(in CellGradient gradient);
}
