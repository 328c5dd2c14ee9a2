using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// From what the encoder ends with to the states that the decoder's layers begin with: tanh(m W + b), m being the top layer's
/// last state, of two directions both side by side. Each layer has a W of its own, and one more for the cell state.
/// </summary>
internal sealed unsafe class Bridge
{
    private readonly Dense[] _hidden, _cellStates;

    /// <param name="parameters">Takes W and b.</param>
    /// <param name="cell">Of the decoder.</param>
    /// <param name="source">Of the encoder.</param>
    /// <param name="layers">Of the decoder.</param>
    /// <param name="hiddenSize">H of the decoder.</param>
    public Bridge(ParameterSet parameters, RecurrentCell cell, SourceShape source, int layers, int hiddenSize)
    {
        Dense[] Create(string name) => [.. Enumerable.Range(1, layers).Select(layer =>
            new Dense(parameters, source.Size, source.Directions, hiddenSize, Invariant($"bridge{layer}.{name}")))];
        _hidden = Create("h");
        _cellStates = cell.HasCellState ? Create("c") : [];
    }

    public void Initialize(ref RandomStream random)
    {
        foreach (Dense dense in _hidden)
            dense.Initialize(ref random);
        foreach (Dense dense in _cellStates)
            dense.Initialize(ref random);
    }

    /// <summary>The states that sequences begin with, of what their sources end with [B, D].</summary>
    public void Forward(int sequences, float* ends, nint stride, CarriedStates states)
    {
        for (int l = 0; l < _hidden.Length; l++)
            Forward(_hidden[l], sequences, ends, stride, states.Hidden[l]);
        for (int l = 0; l < _cellStates.Length; l++)
            Forward(_cellStates[l], sequences, ends, stride, states.CellStates[l]);
    }

    /// <summary>Adds to the gradients of the parameters and of what sources end with.</summary>
    /// <param name="sequences">B.</param>
    /// <param name="ends">[B, D] as in Forward.</param>
    /// <param name="dEnds">[B, D] added to.</param>
    /// <param name="stride">D.</param>
    /// <param name="states">As Forward left them.</param>
    /// <param name="pass">Has their gradients, which are overwritten.</param>
    /// <param name="gradients">Of the parameters.</param>
    public void Backward(int sequences, float* ends, float* dEnds, nint stride, CarriedStates states, StackPass pass,
        FloatBuffer gradients)
    {
        for (int l = 0; l < _hidden.Length; l++)
            Backward(_hidden[l], sequences, ends, dEnds, stride, states.Hidden[l], pass.Directions[l][0].HiddenGradient,
                gradients);
        for (int l = 0; l < _cellStates.Length; l++)
            Backward(_cellStates[l], sequences, ends, dEnds, stride, states.CellStates[l],
                pass.Directions[l][0].CellStateGradient, gradients);
    }

    private static void Forward(Dense dense, int sequences, float* ends, nint stride, FloatBuffer states)
    {
        states.Reserve((long)sequences * dense.Stride);
        dense.Forward(sequences, ends, stride, states.Data);
        TanhRows.Apply(states.Data, (long)sequences * dense.Stride);
    }

    private static void Backward(Dense dense, int sequences, float* ends, float* dEnds, nint stride, FloatBuffer states,
        FloatBuffer dStates, FloatBuffer gradients)
    {
        TanhRows.Backward(states.Data, dStates.Data, (long)sequences * dense.Stride);
        dense.Backward(sequences, ends, dEnds, stride, dStates.Data, gradients);
    }
}
