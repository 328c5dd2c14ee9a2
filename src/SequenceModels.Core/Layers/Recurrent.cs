using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// A cell carried through time in one direction. The layer owns products, time and direction: x W + b for all steps at once, h R step
/// by step, and on the way back one product per weight for many steps together.
/// </summary>
internal sealed unsafe class Recurrent
{
    /// <summary>Rows whose gate gradients still lie in the second-level cache when the weights' gradients are taken from them.</summary>
    private const int ChunkRows = 128;

    private readonly ParameterSet _parameters;
    private readonly bool _reverse;
    private readonly Product _recurrent;
    private readonly Parameter? _recurrentBias;

    /// <param name="parameters">Takes the layer's parameters.</param>
    /// <param name="name">Prefix of their names.</param>
    /// <param name="cell">The memory.</param>
    /// <param name="inputSize">I, or V where tokens pick rows of W.</param>
    /// <param name="inputBlocks">2 above a bidirectional layer, else 1.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="reverse">Whether time runs from a sequence's last step to its first.</param>
    /// <param name="readsTokens">Whether the input is tokens, each the row of W that its one-hot vector would pick.</param>
    public Recurrent(ParameterSet parameters, string name, RecurrentCell cell, int inputSize, int inputBlocks, int hiddenSize,
        bool reverse, bool readsTokens)
    {
        _parameters = parameters;
        _reverse = reverse;
        Cell = cell;
        StateStride = Rows.Padded(hiddenSize);
        Parameter Matrix(string suffix, int rows, int blocks) =>
            new($"{name}.{suffix}", rows, cell.Gates, hiddenSize, cell.UnitsPerPanel, blocks);

        Input = new InputProjection(parameters, Matrix("W", inputSize, inputBlocks), Matrix("b", 1, 1), readsTokens);
        _recurrent = new Product(parameters, parameters.Add(Matrix("R", hiddenSize, 1)));
        _recurrentBias = cell.ProductsApart ? parameters.Add(Matrix("bR", 1, 1)) : null;
    }

    public RecurrentCell Cell { get; }

    /// <summary>x W + b.</summary>
    public InputProjection Input { get; }

    /// <summary>H, padded to a multiple of 16.</summary>
    public int StateStride { get; }

    /// <summary>Draws the first weights.</summary>
    public void Initialize(ref RandomStream random)
    {
        Input.Initialize(Cell, ref random);
        Initializers.Orthogonal(_recurrent.Weight, _parameters.Values, ref random);
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
    public void Forward(RecurrentPass pass, SequenceBatch batch, in RecurrentInput input, float* hidden, nint hiddenStride)
    {
        pass.Reserve(Cell, StateStride, batch.Rows, batch.Alive(0));
        ProductRows wx = ProductRows.InPanels(pass.Wx.Data, _recurrent.Weight, batch.Rows), rh = RecurrentRows(pass, batch, wx);
        ProjectedRows projected = Input.Forward(pass, input, wx);
        if (batch.Steps > 0)
            Begin(pass, batch);
        for (int step = 0; step < batch.Steps; step++)
        {
            int row = batch.Offset(At(batch, step)), alive = batch.Alive(At(batch, step));
            for (int panel = 0; panel < _recurrent.Weight.Panels; panel++)
            {
                Start start = projected.StartAt(panel, row);
                if (_recurrentBias is not null)
                {
                    Rows.CopyAll(start, alive, wx.At(panel, row), wx.RowStride(panel));
                    start = Start.Same(_recurrentBias.In(_parameters.Values) + _recurrentBias.PanelOffset(panel));
                }
                _recurrent.Forward(panel, alive, pass.PreviousHidden.Data + (long)row * StateStride, StateStride, start, rh, row);
                Cell.Forward(StepOf(pass, batch, wx, rh, panel, step, hidden, hiddenStride));
            }
            Join(pass, batch, step + 1, alive);
        }
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
        pass.BeginBackward(Cell, StateStride, batch.Alive(0));
        Input.BeginBackward(pass, input);
        ProductRows wx = ProductRows.InPanels(pass.Wx.Data, _recurrent.Weight, batch.Rows), rh = RecurrentRows(pass, batch, wx);
        int pending = 0;
        for (int step = batch.Steps - 1; step >= 0; step--)
        {
            int row = batch.Offset(At(batch, step)), alive = batch.Alive(At(batch, step));
            for (int panel = 0; panel < _recurrent.Weight.Panels; panel++)
            {
                int unit = panel * _recurrent.Weight.UnitsPerPanel;
                Cell.Backward(new CellGradient
                {
                    Step = StepOf(pass, batch, wx, rh, panel, step, hidden, hiddenStride),
                    FromAbove = dHidden + row * hiddenStride + unit,
                    Hidden = pass.HiddenGradient.Data + unit,
                    CellState = Cell.HasCellState ? pass.CellStateGradient.Data + unit : null,
                    Bias = Input.Bias.In(gradients) + Input.Bias.PanelOffset(panel),
                    RecurrentBias = _recurrentBias is null ? null : _recurrentBias.In(gradients) + _recurrentBias.PanelOffset(panel),
                });
            }
            if (step > 0)
                _recurrent.AddInputGradient(alive, rh, row, pass.HiddenGradient.Data, StateStride);

            pending += alive;
            if (pending < ChunkRows && step > 0)
                continue;
            int first = _reverse ? row + alive - pending : row;
            _recurrent.AddWeightGradient(gradients, pending, pass.PreviousHidden.Data + (long)first * StateStride, StateStride, rh, first);
            Input.Backward(pass, input, wx, first, pending, gradients, dInput);
            pending = 0;
        }
        Input.EndBackward(pass, input, gradients, dInput);
    }

    /// <summary>The time of the layer's <paramref name="step"/>-th step.</summary>
    private int At(SequenceBatch batch, int step) => _reverse ? batch.Steps - 1 - step : step;

    /// <summary>The first row of the layer's <paramref name="step"/>-th step; behind the last step, the row behind all.</summary>
    private int RowAt(SequenceBatch batch, int step) => step == batch.Steps ? batch.Rows : batch.Offset(At(batch, step));

    /// <summary>Rh shares the rows of Wx where the cell takes the products together.</summary>
    private ProductRows RecurrentRows(RecurrentPass pass, SequenceBatch batch, in ProductRows wx) =>
        Cell.ProductsApart ? ProductRows.InPanels(pass.Rh.Data, _recurrent.Weight, batch.Rows) : wx;

    /// <summary>The states before the first step.</summary>
    private void Begin(RecurrentPass pass, SequenceBatch batch)
    {
        if (!pass.HasInitialState)
        {
            Join(pass, batch, step: 0, carried: 0);
            return;
        }
        long at = (long)RowAt(batch, 0) * StateStride, length = (long)batch.Alive(At(batch, 0)) * StateStride;
        Rows.Copy(pass.InitialHidden.Data, pass.PreviousHidden.Data + at, length);
        if (Cell.HasCellState)
            Rows.Copy(pass.InitialCellState.Data, pass.PreviousCellState.Data + at, length);
    }

    /// <summary>Sequences that begin at a step, below those that were <paramref name="carried"/> into it, begin with zero.</summary>
    private void Join(RecurrentPass pass, SequenceBatch batch, int step, int carried)
    {
        int joining = step == batch.Steps ? 0 : batch.Alive(At(batch, step)) - carried;
        if (joining <= 0)
            return;
        long at = ((long)RowAt(batch, step) + carried) * StateStride;
        Clear(pass.PreviousHidden.Data + at, joining);
        if (Cell.HasCellState)
            Clear(pass.PreviousCellState.Data + at, joining);
    }

    private void Clear(float* states, int rows) =>
        System.Runtime.InteropServices.NativeMemory.Clear(states, (nuint)((long)rows * StateStride * sizeof(float)));

    private CellStep StepOf(RecurrentPass pass, SequenceBatch batch, in ProductRows wx, in ProductRows rh, int panel, int step,
        float* hidden, nint hiddenStride)
    {
        int row = RowAt(batch, step), unit = panel * _recurrent.Weight.UnitsPerPanel;
        nint state = (nint)row * StateStride + unit;
        // A sequence that ends here leaves its state where a later step will put another before anyone reads it.
        nint next = (nint)RowAt(batch, step + 1) * StateStride + unit;
        return new CellStep
        {
            Rows = batch.Alive(At(batch, step)),
            Units = _recurrent.Weight.WidthOf(panel) / Cell.Gates,
            Wx = wx.At(panel, row),
            Rh = Cell.ProductsApart ? rh.At(panel, row) : null,
            PreviousHidden = pass.PreviousHidden.Data + state,
            NextHidden = pass.PreviousHidden.Data + next,
            Hidden = hidden + row * hiddenStride + unit,
            PreviousCellState = Cell.HasCellState ? pass.PreviousCellState.Data + state : null,
            NextCellState = Cell.HasCellState ? pass.PreviousCellState.Data + next : null,
            Saved = Cell.Saves ? pass.Saved.Data + state : null,
            HiddenStride = hiddenStride,
            StateStride = StateStride,
        };
    }
}
