using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>One layer of the stack: one direction, or both, the backward pass's states beside the forward ones.</summary>
/// <remarks>
/// Schuster and Paliwal, "Bidirectional Recurrent Neural Networks", IEEE Transactions on Signal Processing 45, 1997.
/// </remarks>
internal sealed unsafe class RecurrentLayer(Recurrent[] directions)
{
    /// <summary>Floats of an output row: directions * H, each direction padded to a multiple of 16.</summary>
    public int Stride { get; } = directions.Sum(d => d.StateStride);

    public IReadOnlyList<Recurrent> Directions => directions;

    public RecurrentPass[] CreatePasses() => Array.ConvertAll(directions, _ => new RecurrentPass());

    /// <summary>Tells the passes of a batch what learning does to them; of scoring, nothing.</summary>
    /// <param name="passes">One for each direction.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="regularization">Of this update.</param>
    /// <param name="layer">The layer's place among those that dropout tells apart, from 0.</param>
    public void Prepare(RecurrentPass[] passes, SequenceBatch batch, in Regularization regularization, int layer)
    {
        for (int d = 0; d < directions.Length; d++)
        {
            passes[d].RecurrentMask.Draw(regularization.Recurrent, Dropout.RecurrentPlace(layer, d), batch,
                directions[d].StateStride);
            passes[d].TruncatedSteps = regularization.TruncatedSteps;
        }
    }

    public void Forward(RecurrentPass[] passes, SequenceBatch batch, in RecurrentInput input, float* output, bool remembers)
    {
        for (int d = 0; d < directions.Length; d++)
            directions[d].Forward(passes[d], batch, input, output + d * directions[d].StateStride, Stride, remembers);
    }

    /// <summary>Adds to the parameters' gradients and, unless null, to dInput.</summary>
    public void Backward(RecurrentPass[] passes, SequenceBatch batch, in RecurrentInput input, float* output, float* dOutput,
        FloatBuffer gradients, float* dInput)
    {
        for (int d = 0; d < directions.Length; d++)
        {
            int column = d * directions[d].StateStride;
            directions[d].Backward(passes[d], batch, input, output + column, dOutput + column, Stride, gradients, dInput);
        }
    }

    public void Initialize(ref RandomStream random)
    {
        foreach (Recurrent direction in directions)
            direction.Initialize(ref random);
    }

    public IEnumerable<Transposed> PrepareTraining(bool inputGradient) =>
        directions.SelectMany(d => d.PrepareTraining(inputGradient));
}
