using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>What dropout multiplies the units of each sequence of a batch with, at every step.</summary>
internal sealed unsafe class DropoutMask
{
    private readonly FloatBuffer _factors = new(); // [B, width]
    private int _width;

    /// <summary>Whether there is anything to multiply with; else all factors are 1.</summary>
    public bool Drops { get; private set; }

    /// <summary>Draws the factors of a batch.</summary>
    /// <param name="dropout">Of this update.</param>
    /// <param name="place">Which part of the network.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="width">Units, padded.</param>
    public void Draw(Dropout dropout, int place, SequenceBatch batch, int width)
    {
        Drops = dropout.Drops;
        if (!Drops)
            return;
        _width = width;
        _factors.Reserve((long)batch.Count * width);
        for (int k = 0; k < batch.Count; k++)
        {
            var row = new Span<float>(_factors.Data + (long)k * width, width);
            row.Fill(1);
            dropout.Apply(row, place, batch.Number(k));
        }
    }

    /// <summary>rows [rows of the batch, width] *= factors.</summary>
    public void ApplyToSteps(SequenceBatch batch, float* rows)
    {
        for (int t = 0; Drops && t < batch.Steps; t++)
            Apply(rows + (long)batch.Offset(t) * _width, batch.Alive(t), rows + (long)batch.Offset(t) * _width);
    }

    /// <summary>to [count, width] = from * factors, of the first sequences.</summary>
    public void Apply(float* from, int count, float* to)
    {
        if (Drops)
            TensorPrimitives.Multiply(Of(from, count), Of(_factors.Data, count), new Span<float>(to, count * _width));
    }

    /// <summary>to [count, width] += from * factors, of the first sequences.</summary>
    public void AddTo(float* from, int count, float* to)
    {
        var sum = new Span<float>(to, count * _width);
        TensorPrimitives.MultiplyAdd(Of(from, count), Of(_factors.Data, count), sum, sum);
    }

    private ReadOnlySpan<float> Of(float* rows, int count) => new(rows, count * _width);
}
