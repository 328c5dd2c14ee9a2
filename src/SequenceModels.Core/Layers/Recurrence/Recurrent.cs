using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// A cell carried through time in one direction. The layer owns products, time and direction: x W + b for all steps at once,
/// h R step by step, and on the way back one product per weight for many steps together.
/// </summary>
internal sealed unsafe class Recurrent
{
    /// <summary>Rows whose gates still lie in the second-level cache when they are used again.</summary>
    private const int ChunkRows = 128;

    /// <summary>Floats of weights beyond which they do not stay in that cache: it pays to go through them fewer times.</summary>
    private const long LargeWeights = 1 << 18;

    private readonly ParameterSet _parameters;
    private readonly Product _recurrent;
    private readonly Parameter? _recurrentBias, _own;
    private readonly FloatBuffer _noBias = new();

    /// <param name="parameters">Takes the layer's parameters.</param>
    /// <param name="name">Prefix of their names.</param>
    /// <param name="cell">The memory.</param>
    /// <param name="inputSize">I, or V where tokens pick rows of W.</param>
    /// <param name="inputBlocks">2 above a bidirectional layer, else 1.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="reverse">Whether time runs from a sequence's last step to its first.</param>
    /// <param name="readsTokens">Whether the input is tokens, each the row of W that its one-hot vector would pick.</param>
    /// <param name="readsNumbers">Whether it has numbers as they were given, of any size.</param>
    public Recurrent(ParameterSet parameters, string name, RecurrentCell cell, int inputSize, int inputBlocks, int hiddenSize,
        bool reverse, bool readsTokens, bool readsNumbers)
    {
        (_parameters, IsReverse, Cell, StateStride) = (parameters, reverse, cell, Rows.Padded(hiddenSize));
        int units = cell.UnitsPerPanel(hiddenSize);
        Parameter Matrix(string suffix, int rows, int blocks, bool isMultiplied) =>
            new($"{name}.{suffix}", rows, cell.Gates, hiddenSize, units, blocks) { IsMultiplied = isMultiplied };
        Parameter Vectors(string suffix, int count) => new($"{name}.{suffix}", 1, count, hiddenSize, units) { IsVector = true };
        Input = new InputProjection(parameters, Matrix("W", inputSize, inputBlocks, !readsTokens && !readsNumbers),
            cell.HasBiases ? Vectors("b", cell.Gates) : null, readsTokens);
        _recurrent = new Product(parameters, parameters.Add(Matrix("R", hiddenSize, 1, isMultiplied: true)));
        _recurrentBias = cell is { SeparateProducts: true, HasBiases: true } ? parameters.Add(Vectors("bR", cell.Gates)) : null;
        if (cell.SeparateProducts && _recurrentBias is null)
            _noBias.Reserve(_recurrent.Weight.PhysicalColumns);
        _own = cell.Parameters.Count > 0 ? parameters.Add(Vectors("P", cell.Parameters.Count)) : null;
    }

    public RecurrentCell Cell { get; }

    /// <summary>Whether time runs from a sequence's last step to its first.</summary>
    public bool IsReverse { get; }

    /// <summary>R [H, G·H].</summary>
    public Parameter RecurrentWeight => _recurrent.Weight;

    /// <summary>x W + b.</summary>
    public InputProjection Input { get; }

    /// <summary>H, padded to a multiple of 16.</summary>
    public int StateStride { get; }

    /// <summary>Draws the first weights.</summary>
    public void Initialize(ref RandomStream random)
    {
        Input.Initialize(Cell, ref random);
        Initializers.Orthogonal(_recurrent.Weight, _parameters.Values, ref random);
        for (int i = 0; _own is not null && i < Cell.Parameters.Count; i++)
            Initializers.Constant(_own, i, Cell.Parameters[i].InitialValue, _parameters.Values);
    }

    /// <summary>The transposes that training must refresh after each update.</summary>
    public IEnumerable<Transposed> PrepareTraining(bool inputGradient)
    {
        yield return _recurrent.PrepareInputGradient();
        if (inputGradient)
            yield return Input.PrepareInputGradient();
    }

    /// <summary>All states of all steps.</summary>
    /// <param name="pass">Memory for the way back.</param>
    /// <param name="batch">The shape.</param>
    /// <param name="input">What the layer reads.</param>
    /// <param name="hidden">[rows, H], <paramref name="hiddenStride"/> floats a row: h after each step.</param>
    /// <param name="hiddenStride">Floats from one row of the states to the next.</param>
    /// <param name="remembers">
    /// Whether Backward will follow; else only the states are worked out, and little memory is used.
    /// </param>
    public void Forward(RecurrentPass pass, SequenceBatch batch, in RecurrentInput input, float* hidden, nint hiddenStride,
        bool remembers)
    {
        var order = new StepOrder(batch, IsReverse, remembers);
        int rows = remembers ? batch.Rows : Math.Min(batch.Rows, ChunkRows + batch.Alive(0));
        pass.Reserve(Cell, StateStride, rows, order.StateRows);
        ProductRows wx = ProductRows.InPanels(pass.Wx.Data, _recurrent.Weight, rows), rh = RecurrentRows(pass, wx, rows);
        var steps = new CellStepLayout(Cell, _recurrent.Weight, PanelOf(_own, _parameters.Values, 0), pass, order, wx, rh, hidden,
            hiddenStride, StateStride);
        ProjectedRows projected = input.ArePicked ? new(Input.ProjectGathered(pass, input), input.Index) : new(wx, null);
        int chunk = remembers && Input.Weight.Length + _recurrent.Weight.Length > LargeWeights ? int.MaxValue : ChunkRows;

        for (int step = 0, chunkEnd = 0, origin = 0; step < order.Steps; step++)
        {
            if (step == chunkEnd)
            {
                (chunkEnd, int first, int count) = order.Chunk(step, chunk);
                origin = remembers ? 0 : first;
                if (!projected.ArePicked)
                    Input.Project(input.Slice(first, count), wx, first - origin);
            }
            pass.BeginStep(order, step, StateStride, Cell.HasCellState);
            int batchRow = order.Row(step), row = batchRow - origin, alive = order.Alive(step);
            float* before = pass.MaskStates(order.StateRow(step), alive);
            CellStep cellStep = steps.Of(step, row);
            if (alive == 1)
            {
                MultiplyRow(before, projected, batchRow, wx, rh, row);
                WorkClock.Begin(WorkKind.Gates);
                ForwardRow(steps, cellStep, wx, row);
                WorkClock.End();
                continue;
            }
            // Rows of a whole batch, unlike those of a chunk, are as far away by now as picked ones.
            if (step + 1 < order.Steps && (projected.ArePicked || chunk > ChunkRows))
                projected.Prefetch(order.Row(step + 1), order.Row(step + 1) - origin, order.Alive(step + 1), _recurrent.Weight);
            pass.Seen = _recurrent.Read(alive, before, StateStride);
            for (int panel = 0; panel < _recurrent.Weight.Panels; panel++)
            {
                Multiply(pass, panel, alive, projected.StartAt(panel, batchRow, row), wx, rh, row);
                WorkClock.Begin(WorkKind.Gates);
                Cell.Forward(steps.OfPanel(cellStep, panel, row));
                WorkClock.End();
            }
        }
        pass.LastStates = order.StateRow(order.Steps);
    }

    /// <summary>Gradients of the parameters and, where asked for, of the input.</summary>
    /// <param name="pass">As Forward left it; its gates become their gradients.</param>
    /// <param name="batch">As in Forward.</param>
    /// <param name="input">As in Forward.</param>
    /// <param name="hidden">As Forward left it.</param>
    /// <param name="dHidden">[rows, H] dLoss/dh from above; same stride as <paramref name="hidden"/>.</param>
    /// <param name="hiddenStride">As in Forward.</param>
    /// <param name="gradients">Added to.</param>
    /// <param name="dInput">[vectors, I] added to, with the input's stride; null where nobody below learns.</param>
    public void Backward(RecurrentPass pass, SequenceBatch batch, in RecurrentInput input, float* hidden, float* dHidden,
        nint hiddenStride, FloatBuffer gradients, float* dInput)
    {
        var order = new StepOrder(batch, IsReverse, remembers: true);
        pass.BeginBackward(Cell, StateStride, batch.Alive(0));
        Input.BeginBackward(pass, input);
        ProductRows wx = ProductRows.InPanels(pass.Wx.Data, _recurrent.Weight, batch.Rows),
            rh = RecurrentRows(pass, wx, batch.Rows);
        var steps = new CellStepLayout(Cell, _recurrent.Weight, PanelOf(_own, _parameters.Values, 0), pass, order, wx, rh,
            hidden, hiddenStride, StateStride);
        int pending = 0;
        for (int step = batch.Steps - 1; step >= 0; step--)
        {
            int row = order.Row(step), alive = order.Alive(step);
            CellStep cellStep = steps.Of(step, row);
            pass.Observe(_recurrent.Weight, wx, cellStep, step, row, dHidden + row * hiddenStride);
            for (int panel = 0; panel < _recurrent.Weight.Panels; panel++)
            {
                int unit = panel * _recurrent.Weight.UnitsPerPanel;
                WorkClock.Begin(WorkKind.Gates);
                Cell.Backward(new CellGradient
                {
                    Step = steps.OfPanel(cellStep, panel, row),
                    FromAbove = dHidden + row * hiddenStride + unit,
                    Hidden = pass.HiddenGradient.Data + unit,
                    CellState = Cell.HasCellState ? pass.CellStateGradient.Data + unit : null,
                    Bias = PanelOf(Input.Bias, gradients, panel),
                    RecurrentBias = PanelOf(_recurrentBias, gradients, panel),
                    Parameters = PanelOf(_own, gradients, panel),
                });
                WorkClock.End();
            }
            if (step > 0 || pass.WantsInitialGradient)
            {
                _recurrent.AddInputGradient(alive, rh, row, pass.BeginProductGradient(alive), StateStride);
                pass.EndProductGradient(order, step);
            }

            pending += alive;
            if (pending < ChunkRows && step > 0)
                continue;
            int first = IsReverse ? row + alive - pending : row;
            _recurrent.AddWeightGradient(gradients, pending, pass.SeenStates(first), StateStride, rh, first, pass.Pending);
            Input.Backward(pass, input, wx, first, pending, gradients, dInput);
            pending = 0;
        }
        Input.EndBackward(pass, input, gradients, dInput);
    }

    /// <summary>h R for one panel, on top of what enters; apart from it where the cell wants that.</summary>
    private void Multiply(RecurrentPass pass, int panel, int alive, Start start, in ProductRows wx, in ProductRows rh, int row)
    {
        if (Cell.SeparateProducts)
        {
            Rows.CopyAll(start, alive, wx.At(panel, row), wx.RowStride(panel));
            start = Start.Same(_recurrentBias is null ? _noBias.Data : PanelOf(_recurrentBias, _parameters.Values, panel));
        }
        _recurrent.Forward(panel, alive, pass.Seen, start, rh, row);
    }

    /// <summary>The same for a single row and all panels.</summary>
    private void MultiplyRow(float* before, in ProjectedRows projected, int batchRow, in ProductRows wx,
        in ProductRows rh, int row)
    {
        float* starts = projected.StartAt(0, batchRow, row)[0];
        nint startPanel = _recurrent.Weight.Panels == 1 ? 0 : (nint)(projected.StartAt(1, batchRow, row)[0] - starts);
        if (Cell.SeparateProducts)
        {
            for (int panel = 0; panel < _recurrent.Weight.Panels; panel++)
                Rows.CopyAll(projected.StartAt(panel, batchRow, row), 1, wx.At(panel, row), wx.RowStride(panel));
            starts = _recurrentBias is null ? _noBias.Data : _recurrentBias.In(_parameters.Values);
            startPanel = _recurrentBias is null ? 0 : _recurrentBias.PanelWidth;
        }
        _recurrent.ForwardRow(before, starts, startPanel, rh, row);
    }

    /// <summary>Rh shares the rows of Wx where the cell takes the products together.</summary>
    private ProductRows RecurrentRows(RecurrentPass pass, in ProductRows wx, int rows) =>
        Cell.SeparateProducts ? ProductRows.InPanels(pass.Rh.Data, _recurrent.Weight, rows) : wx;

    /// <summary>A panel of vectors that the layer may not have.</summary>
    private static float* PanelOf(Parameter? vectors, FloatBuffer buffer, int panel) =>
        vectors is null ? null : vectors.In(buffer) + vectors.PanelOffset(panel);

    /// <summary>
    /// A step of a single row: to the cell its panels are as rows of one panel, so that one call serves them all.
    /// </summary>
    private void ForwardRow(in CellStepLayout steps, in CellStep step, in ProductRows wx, int row)
    {
        Parameter weight = _recurrent.Weight;
        int equal = weight.PhysicalColumns / weight.PanelWidth;
        CellStep whole = step;
        whole.Rows = equal;
        whole.GateStride = wx.PanelStride;
        whole.HiddenStride = whole.StateStride = weight.UnitsPerPanel;
        whole.SavedStride = weight.UnitsPerPanel * Cell.SavedValues;
        whole.ParameterStride = weight.UnitsPerPanel * Cell.Parameters.Count;
        Cell.Forward(whole);
        if (equal < weight.Panels)
            Cell.Forward(steps.OfPanel(step, equal, row));
    }
}
