using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;

namespace SequenceModels.Tests.Layers;

/// <summary>One recurrent layer and direction with random weights and biases, run over a ragged batch of frames.</summary>
internal sealed unsafe class RecurrentRun
{
    private readonly ParameterSet _parameters = new();
    private readonly Recurrent _layer;
    private readonly RecurrentPass _pass = new();
    private readonly SequenceBatch _batch = new();
    private readonly FloatBuffer _input, _hidden;
    private readonly int _hiddenSize, _inputSize, _inputStride;

    /// <param name="cell">The memory.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="reverse">Whether time runs from the end.</param>
    /// <param name="sequences">[B][T][I], longest first.</param>
    /// <param name="weights">By part; null: random ones.</param>
    public RecurrentRun(RecurrentCell cell, int hiddenSize, bool reverse, double[][][] sequences,
        Dictionary<string, double[,]>? weights = null)
    {
        _hiddenSize = hiddenSize;
        _inputSize = sequences[0][0].Length;
        _inputStride = Rows.Padded(_inputSize);
        _layer = new Recurrent(_parameters, "layer", cell, _inputSize, inputBlocks: 1, hiddenSize, reverse, readsTokens: false,
            readsNumbers: false);
        _parameters.LayOut();
        _parameters.Allocate();
        var random = new Random(hiddenSize);
        foreach (Parameter parameter in _parameters.All)
        {
            double[,] matrix = weights?[PartOf(parameter)]
                ?? Matrices.Random(parameter.Rows, parameter.Gates * parameter.Units, random);
            Weights.Add(PartOf(parameter), matrix);
            Matrices.Write(parameter, _parameters.Values, matrix);
        }

        var data = new SequenceDataset([StepFeature.Frames(_inputSize)]);
        foreach (double[][] sequence in sequences)
            data.Add(sequence.SelectMany(step => step).Select(x => (float)x).ToArray(), label: 0);
        int[] rows = [.. Enumerable.Range(0, sequences.Length)];
        _batch.Pack(data, rows, rows, FrameTransform.None);
        _input = Padded(sequences, _inputSize, _inputStride);
        _hidden = new FloatBuffer((long)_batch.Rows * _layer.StateStride);
    }

    /// <summary>W, R and, of a cell that has them, b, bR and P.</summary>
    public Dictionary<string, double[,]> Weights { get; } = [];

    /// <summary>Lets sequences begin with given states, and asks for the gradients of these.</summary>
    /// <param name="states">[B][states][H].</param>
    public void BeginWith(double[][][] states)
    {
        (_pass.HasInitialState, _pass.WantsInitialGradient) = (true, true);
        _pass.InitialHidden = Initial(states, 0);
        if (_layer.Cell.HasCellState)
            _pass.InitialCellState = Initial(states, 1);
    }

    /// <summary>[B][states][H] the gradients of the states that sequences began with.</summary>
    public double[][][] InitialGradients() => [.. Enumerable.Range(0, _batch.Count).Select(k =>
        new[] { _pass.HiddenGradient, _pass.CellStateGradient }.Take(_layer.Cell.HasCellState ? 2 : 1)
            .Select(gradient =>
                Enumerable.Range(0, _hiddenSize).Select(j => (double)gradient.Data[k * _layer.StateStride + j]).ToArray())
            .ToArray())];

    private FloatBuffer Initial(double[][][] states, int which)
    {
        var buffer = new FloatBuffer((long)states.Length * _layer.StateStride);
        for (int k = 0; k < states.Length; k++)
            for (int j = 0; j < _hiddenSize; j++)
                buffer.Data[k * _layer.StateStride + j] = (float)states[k][which][j];
        return buffer;
    }

    /// <summary>h after each step: [B][T][H].</summary>
    public double[][][] Forward()
    {
        _layer.Forward(_pass, _batch, Input, _hidden.Data, _layer.StateStride, remembers: true);
        return Unpacked(_hidden, _hiddenSize, _layer.StateStride);
    }

    /// <summary>Gradients of the weights by part, and of the input [B][T][I], when dLoss/dh is as given [B][T][H].</summary>
    public (Dictionary<string, double[,]> Weights, double[][][] Input) Backward(double[][][] dHidden)
    {
        foreach (Transposed transposed in _layer.PrepareTraining(inputGradient: true))
            for (int panel = 0; panel < transposed.Panels; panel++)
                transposed.Refresh(_parameters.Values, panel);
        var gradients = new FloatBuffer(_parameters.Length);
        var dInput = new FloatBuffer((long)_batch.Rows * _inputStride);
        FloatBuffer fromAbove = Padded(dHidden, _hiddenSize, _layer.StateStride);
        _layer.Backward(_pass, _batch, Input, _hidden.Data, fromAbove.Data, _layer.StateStride, gradients, dInput.Data);
        return (_parameters.All.ToDictionary(PartOf, parameter => Matrices.Read(parameter, gradients)),
            Unpacked(dInput, _inputSize, _inputStride));
    }

    private RecurrentInput Input => RecurrentInput.OfVectors(_input.Data, _inputStride, _batch.Rows);

    private static string PartOf(Parameter parameter) => parameter.Name[(parameter.Name.LastIndexOf('.') + 1)..];

    /// <summary>[B][T][size] into the batch's rows, each <paramref name="stride"/> floats.</summary>
    private FloatBuffer Padded(double[][][] sequences, int size, int stride)
    {
        var buffer = new FloatBuffer((long)_batch.Rows * stride);
        for (int k = 0; k < sequences.Length; k++)
            for (int t = 0; t < sequences[k].Length; t++)
                for (int i = 0; i < size; i++)
                    buffer.Data[(_batch.Offset(t) + k) * stride + i] = (float)sequences[k][t][i];
        return buffer;
    }

    private double[][][] Unpacked(FloatBuffer buffer, int size, int stride)
    {
        double At(int k, int t, int i) => buffer.Data[(_batch.Offset(t) + k) * stride + i];
        return [.. from k in Enumerable.Range(0, _batch.Count)
                   select (from t in Enumerable.Range(0, _batch.Length(k))
                           select (from i in Enumerable.Range(0, size) select At(k, t, i)).ToArray()).ToArray()];
    }
}
