using SequenceModels.Cells;
using SequenceModels.Kernels;

namespace SequenceModels.Benchmarks.Kernels;

/// <summary>A cell's gates over some steps of a layer, forward and back, in the memory layout that training gives them.</summary>
internal sealed unsafe class GateKernels
{
    /// <summary>n, H and T: what training works on while it stays in the second-level cache.</summary>
    private const int Rows = 16, Hidden = 128, Steps = 8;

    private const int StateLength = Rows * Hidden;

    private readonly RecurrentCell _cell;
    private readonly int _units, _width;

    private readonly FloatBuffer _wx, _rh;                                                      // [panel][T · n, G·U]
    private readonly FloatBuffer _states = RandomNumbers.Buffer((Steps + 1) * StateLength);     // [T + 1][n, H]
    private readonly FloatBuffer _cellStates = RandomNumbers.Buffer((Steps + 1) * StateLength); // [T + 1][n, H]
    private readonly FloatBuffer _hidden = RandomNumbers.Buffer(Steps * StateLength);           // [T][n, H]
    private readonly FloatBuffer _fromAbove = RandomNumbers.Buffer(Steps * StateLength);        // [T][n, H]
    private readonly FloatBuffer _hiddenGradient = RandomNumbers.Buffer(StateLength);           // [n, H]
    private readonly FloatBuffer _cellGradient = RandomNumbers.Buffer(StateLength);             // [n, H]
    private readonly FloatBuffer _saved;                                                        // [T][n, S·H]
    private readonly FloatBuffer _bias, _recurrentBias;                                         // [panel][G·U]
    private readonly FloatBuffer _own, _ownGradient;                                            // [panel][P·U]

    private GateKernels(RecurrentCell cell)
    {
        _cell = cell;
        _units = cell.UnitsPerPanel(Hidden);
        _width = cell.Gates * _units;
        _wx = RandomNumbers.Buffer(Steps * StateLength * cell.Gates);
        _rh = RandomNumbers.Buffer(Steps * StateLength * cell.Gates);
        _bias = RandomNumbers.Buffer(Hidden * cell.Gates);
        _recurrentBias = RandomNumbers.Buffer(Hidden * cell.Gates);
        _saved = RandomNumbers.Buffer(Steps * StateLength * cell.SavedValues);
        _own = RandomNumbers.Buffer(Hidden * cell.Parameters.Count);
        _ownGradient = RandomNumbers.Buffer(Hidden * cell.Parameters.Count);
    }

    public static IEnumerable<Kernel> All => RecurrentCells.All.SelectMany(cell =>
    {
        var gates = new GateKernels(cell);
        string shape = $"{Rows} rows, {Hidden} units";
        return new Kernel[]
        {
            new($"{cell.Name} forward", shape, Steps * StateLength, gates.Forward),
            // The way back turns the gates into their gradients, so each needs a way forward before it.
            new($"{cell.Name} back", shape, Steps * StateLength, gates.Backward, Prepare: gates.Forward),
        };
    });

    private void Forward()
    {
        for (int step = 0; step < Steps; step++)
            for (int panel = 0; panel < Hidden / _units; panel++)
                _cell.Forward(StepOf(step, panel));
    }

    private void Backward()
    {
        for (int step = Steps - 1; step >= 0; step--)
            for (int panel = 0; panel < Hidden / _units; panel++)
                _cell.Backward(new CellGradient
                {
                    Step = StepOf(step, panel),
                    FromAbove = _fromAbove.Data + step * StateLength + panel * _units,
                    Hidden = _hiddenGradient.Data + panel * _units,
                    CellState = _cell.HasCellState ? _cellGradient.Data + panel * _units : null,
                    Bias = _bias.Data + panel * _width,
                    RecurrentBias = _cell.SeparateProducts ? _recurrentBias.Data + panel * _width : null,
                    Parameters = _ownGradient.Data + panel * _units * _cell.Parameters.Count,
                });
    }

    private CellStep StepOf(int step, int panel)
    {
        int row = (panel * Steps + step) * Rows * _width, state = step * StateLength + panel * _units;
        return new CellStep
        {
            Rows = Rows,
            Units = _units,
            HiddenSize = Hidden,
            Wx = _wx.Data + row,
            Rh = _cell.SeparateProducts ? _rh.Data + row : null,
            GateStride = _width,
            PreviousHidden = _states.Data + state,
            NextHidden = _states.Data + state + StateLength,
            Hidden = _hidden.Data + state,
            PreviousCellState = _cell.HasCellState ? _cellStates.Data + state : null,
            NextCellState = _cell.HasCellState ? _cellStates.Data + state + StateLength : null,
            KeepsForBackward = true,
            Saved = _saved.Data + (step * StateLength + panel * _units) * _cell.SavedValues,
            SavedStride = Hidden * _cell.SavedValues,
            Parameters = _own.Data + panel * _units * _cell.Parameters.Count,
            HiddenStride = Hidden,
            StateStride = Hidden,
        };
    }
}
