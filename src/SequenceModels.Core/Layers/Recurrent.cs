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
    private readonly Product _input, _recurrent;
    private readonly Parameter _bias;
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

        Parameter w = Matrix("W", inputSize, inputBlocks);
        _input = new Product(parameters, readsTokens ? parameters.AddTable(w) : parameters.Add(w));
        _recurrent = new Product(parameters, parameters.Add(Matrix("R", hiddenSize, 1)));
        _bias = parameters.Add(Matrix("b", 1, 1));
        _recurrentBias = cell.ProductsApart ? parameters.Add(Matrix("bR", 1, 1)) : null;
        ReadsTokens = readsTokens;
    }

    public RecurrentCell Cell { get; }

    public bool ReadsTokens { get; }

    /// <summary>H, padded to a multiple of 16.</summary>
    public int StateStride { get; }

    /// <summary>W, whose rows tokens pick where <see cref="ReadsTokens"/>.</summary>
    public Parameter InputWeight => _input.Weight;

    /// <summary>Draws the first weights.</summary>
    public void Initialize(ref RandomStream random)
    {
        Initializers.Glorot(_input.Weight, _parameters.Values, ref random);
        Initializers.Orthogonal(_recurrent.Weight, _parameters.Values, ref random);
        for (int gate = 0; gate < Cell.Gates; gate++)
            Initializers.Constant(_bias, gate, Cell.InitialBias(gate), _parameters.Values);
    }

    /// <summary>The transposes that training must refresh after each update.</summary>
    public IEnumerable<Transposed> PrepareTraining(bool inputGradient)
    {
        yield return _recurrent.PrepareInputGradient();
        if (inputGradient)
            yield return _input.PrepareInputGradient();
    }

    /// <summary>All states of all steps.</summary>
    /// <param name="pass">Memory for the way back.</param>
    /// <param name="batch">The shape, and the tokens where the layer reads them.</param>
    /// <param name="input">[rows, I], <paramref name="inputStride"/> floats a row; not read where the layer reads tokens.</param>
    /// <param name="inputStride">Floats from one row of the input to the next.</param>
    /// <param name="hidden">[rows, H], <paramref name="hiddenStride"/> floats a row: h after each step.</param>
    /// <param name="hiddenStride">Floats from one row of the states to the next.</param>
    public void Forward(RecurrentPass pass, SequenceBatch batch, float* input, nint inputStride, float* hidden, nint hiddenStride)
    {
        pass.Reserve(Cell, StateStride, batch.Rows, batch.Alive(0));
        InputProducts(pass, batch, input, inputStride);

        ProductRows wx = ProductRows.InPanels(pass.Wx.Data, _input.Weight, batch.Rows);
        ProductRows rh = Cell.ProductsApart ? ProductRows.InPanels(pass.Rh.Data, _recurrent.Weight, batch.Rows) : wx;
        for (int step = 0, before = -1; step < batch.Steps; step++)
        {
            int t = _reverse ? batch.Steps - 1 - step : step;
            int row = batch.Offset(t), alive = batch.Alive(t);
            CarryStates(pass, batch, hidden, hiddenStride, before, t);
            for (int panel = 0; panel < _recurrent.Weight.Panels; panel++)
            {
                Start start = _recurrentBias is null
                    ? Start.Rows(wx.At(panel, row), wx.RowStride(panel))
                    : Start.Same(_recurrentBias.In(_parameters.Values) + _recurrentBias.PanelOffset(panel));
                _recurrent.Forward(panel, alive, pass.PreviousHidden.Data + (long)row * StateStride, StateStride, start, rh, row);
                Cell.Forward(StepOf(pass, wx, rh, panel, row, alive, hidden, hiddenStride));
            }
            before = t;
        }
    }

    /// <summary>Gradients of the parameters and, where asked for, of the input.</summary>
    /// <param name="pass">As Forward left it; its gates become their gradients.</param>
    /// <param name="batch">As in Forward.</param>
    /// <param name="input">As in Forward.</param>
    /// <param name="inputStride">As in Forward.</param>
    /// <param name="hidden">As Forward left it.</param>
    /// <param name="dHidden">[rows, H] dLoss/dh from above; same stride as <paramref name="hidden"/>.</param>
    /// <param name="hiddenStride">As in Forward.</param>
    /// <param name="gradients">Added to.</param>
    /// <param name="dInput">[rows, I] added to, with the input's stride; null where nobody below learns.</param>
    public void Backward(RecurrentPass pass, SequenceBatch batch, float* input, nint inputStride, float* hidden, float* dHidden,
        nint hiddenStride, FloatBuffer gradients, float* dInput)
    {
        pass.BeginBackward(Cell, StateStride, batch.Alive(0));
        ProductRows wx = ProductRows.InPanels(pass.Wx.Data, _input.Weight, batch.Rows);
        ProductRows rh = Cell.ProductsApart ? ProductRows.InPanels(pass.Rh.Data, _recurrent.Weight, batch.Rows) : wx;
        int pending = 0;
        for (int step = batch.Steps - 1; step >= 0; step--)
        {
            int t = _reverse ? batch.Steps - 1 - step : step;
            int row = batch.Offset(t), alive = batch.Alive(t);
            for (int panel = 0; panel < _recurrent.Weight.Panels; panel++)
            {
                int unit = panel * _recurrent.Weight.UnitsPerPanel;
                Cell.Backward(new CellGradient
                {
                    Step = StepOf(pass, wx, rh, panel, row, alive, hidden, hiddenStride),
                    FromAbove = dHidden + row * hiddenStride + unit,
                    Hidden = pass.HiddenGradient.Data + unit,
                    CellState = Cell.HasCellState ? pass.CellStateGradient.Data + unit : null,
                });
            }
            if (step > 0)
                _recurrent.AddInputGradient(alive, rh, row, pass.HiddenGradient.Data, StateStride);

            pending += alive;
            if (pending < ChunkRows && step > 0)
                continue;
            int first = _reverse ? row + alive - pending : row;
            AddWeightGradients(pass, wx, rh, first, pending, input, inputStride, gradients, dInput);
            pending = 0;
        }
    }

    private void InputProducts(RecurrentPass pass, SequenceBatch batch, float* input, nint inputStride)
    {
        ProductRows wx = ProductRows.InPanels(pass.Wx.Data, _input.Weight, batch.Rows);
        for (int panel = 0; panel < _input.Weight.Panels; panel++)
        {
            float* bias = _bias.In(_parameters.Values) + _bias.PanelOffset(panel);
            if (!ReadsTokens)
            {
                _input.Forward(panel, batch.Rows, input, inputStride, Start.Same(bias), wx, 0);
                continue;
            }
            int width = _input.Weight.WidthOf(panel);
            float* table = _input.Weight.In(_parameters.Values) + _input.Weight.PanelOffset(panel);
            ReadOnlySpan<uint> tokens = batch.Tokens;
            for (int row = 0; row < tokens.Length; row++)
            {
                Rows.Copy(bias, wx.At(panel, row), width);
                if (tokens[row] != 0)
                    Rows.Add(table + (tokens[row] - 1L) * width, wx.At(panel, row), width);
            }
        }
    }

    /// <summary>The states after step <paramref name="before"/> become those before step <paramref name="t"/>; a sequence that begins at t starts at zero.</summary>
    private void CarryStates(RecurrentPass pass, SequenceBatch batch, float* hidden, nint hiddenStride, int before, int t)
    {
        int alive = batch.Alive(t), carried = Math.Min(alive, batch.Alive(before));
        float* to = pass.PreviousHidden.Data + (long)batch.Offset(t) * StateStride;
        for (int k = 0; k < carried; k++)
            Rows.Copy(hidden + (batch.Offset(before) + k) * hiddenStride, to + k * StateStride, StateStride);
        Clear(to + carried * StateStride, alive - carried);
        if (!Cell.HasCellState)
            return;
        to = pass.PreviousCellState.Data + (long)batch.Offset(t) * StateStride;
        Rows.Copy(pass.CellState.Data, to, (long)carried * StateStride);
        Clear(to + carried * StateStride, alive - carried);
    }

    private void Clear(float* states, int rows) =>
        System.Runtime.InteropServices.NativeMemory.Clear(states, (nuint)((long)rows * StateStride * sizeof(float)));

    private CellStep StepOf(RecurrentPass pass, in ProductRows wx, in ProductRows rh, int panel, int row, int alive, float* hidden,
        nint hiddenStride)
    {
        int unit = panel * _recurrent.Weight.UnitsPerPanel;
        nint state = (nint)row * StateStride + unit;
        return new CellStep
        {
            Rows = alive,
            Units = _recurrent.Weight.WidthOf(panel) / Cell.Gates,
            Wx = wx.At(panel, row),
            Rh = Cell.ProductsApart ? rh.At(panel, row) : null,
            PreviousHidden = pass.PreviousHidden.Data + state,
            Hidden = hidden + row * hiddenStride + unit,
            PreviousCellState = Cell.HasCellState ? pass.PreviousCellState.Data + state : null,
            CellState = Cell.HasCellState ? pass.CellState.Data + unit : null,
            Saved = Cell.Saves ? pass.Saved.Data + state : null,
            HiddenStride = hiddenStride,
            StateStride = StateStride,
        };
    }

    /// <summary>dW, dR, biases and dInput from the gate gradients of rows [first, first + rows).</summary>
    private void AddWeightGradients(RecurrentPass pass, in ProductRows wx, in ProductRows rh, int first, int rows, float* input,
        nint inputStride, FloatBuffer gradients, float* dInput)
    {
        _recurrent.AddWeightGradient(gradients, rows, pass.PreviousHidden.Data + (long)first * StateStride, StateStride, rh, first);
        AddBiasGradient(_bias, wx, first, rows, gradients);
        if (_recurrentBias is not null)
            AddBiasGradient(_recurrentBias, rh, first, rows, gradients);
        if (ReadsTokens)
            return;
        _input.AddWeightGradient(gradients, rows, input + first * inputStride, inputStride, wx, first);
        if (dInput is not null)
            _input.AddInputGradient(rows, wx, first, dInput + first * inputStride, inputStride);
    }

    private static void AddBiasGradient(Parameter bias, in ProductRows dOutput, int first, int rows, FloatBuffer gradients)
    {
        for (int panel = 0; panel < bias.Panels; panel++)
            Rows.AddAll(dOutput.At(panel, first), dOutput.RowStride(panel), rows, bias.In(gradients) + bias.PanelOffset(panel),
                bias.WidthOf(panel));
    }
}
