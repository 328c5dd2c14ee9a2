using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// What the numbers of a sequence's steps add to its outputs without the recurrent layers: y += x A, with x [T F] all numbers of
/// the T steps, one step after the other.
/// </summary>
/// <remarks>
/// The autoregressive part of Lai et al., "Modeling Long- and Short-Term Temporal Patterns with Deep Neural Networks", SIGIR
/// 2018; alone: Zeng et al., "Are Transformers Effective for Time Series Forecasting?", AAAI 2023.
/// </remarks>
internal sealed unsafe class LinearPath
{
    private readonly ParameterSet _parameters;
    private readonly Product _product;
    private readonly int _steps, _size;

    /// <param name="parameters">Takes A [T F, K], which begins at zero.</param>
    /// <param name="steps">T.</param>
    /// <param name="size">F.</param>
    /// <param name="outputs">K.</param>
    public LinearPath(ParameterSet parameters, int steps, int size, int outputs)
    {
        (_parameters, _steps, _size) = (parameters, steps, size);
        _product = new Product(parameters, parameters.Add(
            new Parameter("output.A", ArrayLength.Of(steps, size), 1, outputs, MatMul.PanelWidth)));
    }

    private int Length => _product.Weight.Rows;

    /// <summary>The transposes that must be refreshed where anyone asks for gradients of the steps; training does not.</summary>
    public IEnumerable<Transposed> PrepareInputGradient() => [_product.PrepareInputGradient()];

    /// <summary>Adds to the outputs of some of a batch's sequences.</summary>
    /// <param name="steps">The batch's steps.</param>
    /// <param name="first">The first sequence.</param>
    /// <param name="count">How many.</param>
    /// <param name="gathered">Becomes their x [count, T F].</param>
    /// <param name="outputs">[count, K], <paramref name="stride"/> floats a row; added to.</param>
    /// <param name="stride">K padded to a multiple of 16.</param>
    public void Forward(StepRows steps, int first, int count, FloatBuffer gathered, float* outputs, int stride)
    {
        Gather(steps, first, count, gathered);
        ProductRows y = ProductRows.InRows(outputs, _product.Weight, stride);
        ProductInput x = _product.Read(count, gathered.Data, Length);
        for (int panel = 0; panel < _product.Weight.Panels; panel++)
            _product.Forward(panel, count, x, Start.Rows(y.At(panel, 0), stride), y, 0);
    }

    /// <summary>Adds to the gradient of A.</summary>
    /// <param name="count">Sequences.</param>
    /// <param name="gathered">[count, T F] as <see cref="Forward"/> has left it.</param>
    /// <param name="dOutputs">[count, K].</param>
    /// <param name="stride">Floats from one row of dOutputs to the next.</param>
    /// <param name="gradients">Of all parameters.</param>
    public void Backward(int count, FloatBuffer gathered, float* dOutputs, int stride, FloatBuffer gradients) =>
        _product.AddWeightGradient(gradients, count, gathered.Data, Length,
            ProductRows.InRows(dOutputs, _product.Weight, stride), 0);

    /// <summary>Adds to the gradients of all of a batch's steps.</summary>
    /// <param name="dOutputs">[B, K].</param>
    /// <param name="stride">Floats from one row of dOutputs to the next.</param>
    /// <param name="dSteps">The gradients of the batch's steps, in their places.</param>
    /// <param name="gathered">Overwritten.</param>
    public void AddStepGradients(float* dOutputs, int stride, StepRows dSteps, FloatBuffer gathered)
    {
        int count = dSteps.Batch.Count, padded = Rows.Padded(Length);
        gathered.Reserve((long)count * padded);
        gathered.Clear((long)count * padded);
        _product.AddInputGradient(count, ProductRows.InRows(dOutputs, _product.Weight, stride), 0, gathered.Data, padded);
        for (int t = 0; t < _steps; t++)
            for (int k = 0; k < count; k++)
            {
                float* from = gathered.Data + (long)k * padded + t * _size, to = dSteps[t, k];
                for (int i = 0; i < _size; i++)
                    to[i] += from[i];
            }
    }

    /// <exception cref="InvalidOperationException">A sequence has another number of steps.</exception>
    private void Gather(StepRows steps, int first, int count, FloatBuffer gathered)
    {
        gathered.Reserve((long)count * Length);
        for (int k = 0; k < count; k++)
        {
            if (steps.Batch.Length(first + k) != _steps)
                throw new InvalidOperationException(Invariant($"The network has a linear path from {_steps} steps; a sequence ") +
                    Invariant($"has {steps.Batch.Length(first + k)}."));
            for (int t = 0; t < _steps; t++)
                Buffer.MemoryCopy(steps[t, first + k], gathered.Data + (long)k * Length + t * _size,
                    _size * sizeof(float), _size * sizeof(float));
        }
    }
}

/// <summary>The vectors of a batch's steps.</summary>
/// <param name="Batch">Whose steps.</param>
/// <param name="Data">The first of them, in the order of the batch's rows.</param>
/// <param name="Stride">Floats from one to the next.</param>
internal readonly unsafe record struct StepRows(SequenceBatch Batch, nint Data, nint Stride)
{
    /// <summary>Step t of the k-th longest sequence.</summary>
    public float* this[int t, int k] => (float*)Data + (Batch.Offset(t) + k) * Stride;
}
