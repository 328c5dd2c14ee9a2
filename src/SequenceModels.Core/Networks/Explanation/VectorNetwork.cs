using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;

namespace SequenceModels.Networks;

/// <summary>
/// What of an <see cref="EncoderNetwork"/> stands behind its embedder, with weights of its own: from the vectors of steps to
/// outputs, and from gradients of outputs back to those of the vectors. Does not change, and may be shared.
/// </summary>
internal sealed unsafe class VectorNetwork
{
    private readonly ParameterSet _parameters = new();
    private readonly RecurrentStack _stack;
    private readonly PoolingLayer _pooling;

    /// <param name="network">Has one output for a sequence.</param>
    /// <param name="size">I: numbers in a vector.</param>
    /// <param name="tokens">Where tokens are one-hot: those that the numbers of a vector stand for. Else empty.</param>
    public VectorNetwork(EncoderNetwork network, int size, ReadOnlySpan<uint> tokens = default)
    {
        (EncoderSpec encoder, OutputSpec output) = (network.Spec.Encoder, network.Spec.Output);
        Size = size;
        _stack = new RecurrentStack(_parameters, RecurrentCells.Find(encoder.Cell)!, new StackShape(size, encoder.HiddenSize,
            encoder.NumberOfLayers, encoder.Bidirectional), EncoderSpec.LayerName);
        _pooling = PoolingLayer.Create(output.Pooling, _parameters, encoder.Directions, encoder.HiddenSize);
        Output = HeadRegistry.CreateLayer(output, _parameters, encoder.HiddenSize, encoder.Directions * _pooling.Vectors,
            table: null, network.Labels, size);
        _parameters.LayOut();
        _parameters.Allocate();
        foreach (Parameter parameter in _parameters.All)
            Copy(network.Parameters, parameter, tokens);
        foreach (Transposed transposed in
            (IEnumerable<Transposed>)[.. _stack.PrepareTraining(inputGradient: true), .. Output.PrepareTraining(),
                .. Output.Linear?.PrepareInputGradient() ?? []])
            for (int panel = 0; panel < transposed.Panels; panel++)
                transposed.Refresh(_parameters.Values, panel);
    }

    /// <summary>I: numbers in a vector.</summary>
    public int Size { get; }

    /// <summary>Floats from one vector to the next.</summary>
    public int Stride => Rows.Padded(Size);

    /// <summary>What the outputs mean.</summary>
    public OutputLayer Output { get; }

    public VectorPass CreatePass() => new(_stack.CreatePass(), _pooling.CreatePass(), _parameters.Length);

    /// <summary>From the pass's vectors [rows, I] to its outputs [B, K].</summary>
    public void Forward(VectorPass pass)
    {
        int count = pass.Batch.Count;
        pass.Pooled.Reserve((long)count * _pooling.Stride);
        pass.Outputs.Reserve((long)count * Output.Stride);
        pass.States = _stack.Forward(pass.Stack, pass.Batch, Input(pass), Regularization.None, training: true);
        _pooling.Forward(pass.Pooling, pass.Batch, pass.States.Data, pass.Pooled.Data);
        Output.Dense.Forward(count, pass.Pooled.Data, _pooling.Stride, pass.Outputs.Data);
        Output.Linear?.Forward(new StepRows(pass.Batch, (nint)pass.Vectors.Data, Stride), 0, count, pass.Steps,
            pass.Outputs.Data, Output.Stride);
        for (int k = 0; k < count; k++)
            Rows.AddScaled(pass.RowOutputs.Data, pass.Factors[k], pass.Outputs.Data + (long)k * Output.Stride, Output.Stride);
    }

    /// <summary>From the gradients of the outputs, which stand in their place, to those of the vectors.</summary>
    public void Backward(VectorPass pass)
    {
        int count = pass.Batch.Count;
        pass.PooledGradient.Reserve((long)count * _pooling.Stride);
        pass.PooledGradient.Clear((long)count * _pooling.Stride);
        pass.Stack.OutputGradient.Reserve((long)pass.Batch.Rows * _stack.Stride);
        Output.Dense.Backward(count, pass.Pooled.Data, pass.PooledGradient.Data, _pooling.Stride, pass.Outputs.Data,
            pass.WeightGradients);
        _pooling.Backward(pass.Pooling, pass.Batch, pass.States.Data, pass.PooledGradient.Data, pass.Stack.OutputGradient,
            pass.WeightGradients);
        _stack.Backward(pass.Stack, pass.Batch, Input(pass), Regularization.None, pass.WeightGradients, pass.VectorGradients);
        Output.Linear?.AddStepGradients(pass.Outputs.Data, Output.Stride,
            new StepRows(pass.Batch, (nint)pass.VectorGradients.Data, Stride), pass.Steps);
    }

    private RecurrentInput Input(VectorPass pass) => RecurrentInput.OfVectors(pass.Vectors.Data, Stride, pass.Batch.Rows);

    /// <summary>Where tokens are one-hot, each picks its row of the first layer's W.</summary>
    private void Copy(ParameterSet source, Parameter to, ReadOnlySpan<uint> tokens)
    {
        Parameter from = source.All.Single(parameter => parameter.Name == to.Name);
        float[] units = new float[to.Units];
        bool picks = !tokens.IsEmpty && _stack.IsInputWeight(to);
        for (int row = 0; row < to.Rows; row++)
            for (int gate = 0; gate < to.Gates; gate++)
            {
                from.Read(source.Values, picks ? (int)tokens[row] - 1 : row, gate, units);
                to.Write(_parameters.Values, row, gate, units);
            }
    }
}
