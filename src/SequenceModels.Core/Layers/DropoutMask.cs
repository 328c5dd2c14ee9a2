using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// What dropout multiplies the units of each sequence of a batch with: the same at all steps, or at each its own.
/// </summary>
internal sealed unsafe class DropoutMask
{
    private readonly FloatBuffer _factors = new(); // [B, width]; where each step is drawn by itself, [rows, width]
    private int _width;
    private bool _eachStep;

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
        (_width, _eachStep) = (width, dropout.EachStep);
        if (!_eachStep)
        {
            _factors.Reserve((long)batch.Count * width);
            for (int k = 0; k < batch.Count; k++)
                DrawRow(dropout, place, batch.Number(k), step: 0, row: k);
            return;
        }
        _factors.Reserve((long)batch.Rows * width);
        for (int t = 0; t < batch.Steps; t++)
            for (int k = 0; k < batch.Alive(t); k++)
                DrawRow(dropout, place, batch.Number(k), batch.FirstStep + t, batch.Offset(t) + k);
    }

    /// <summary>rows [rows of the batch, width] *= factors.</summary>
    public void ApplyToSteps(SequenceBatch batch, float* rows)
    {
        for (int t = 0; Drops && t < batch.Steps; t++)
        {
            float* step = rows + (long)batch.Offset(t) * _width;
            Apply(step, batch.Offset(t), batch.Alive(t), step);
        }
    }

    /// <summary>to [count, width] = from * factors, of the first sequences at one of their steps.</summary>
    /// <param name="from">What the factors multiply.</param>
    /// <param name="firstRow">The row of the batch that the step begins with.</param>
    /// <param name="count">How many of the sequences.</param>
    /// <param name="to">Where the products go; may be where they come from.</param>
    public void Apply(float* from, int firstRow, int count, float* to)
    {
        if (!Drops)
            return;
        float* factors = _factors.Data + (_eachStep ? (long)firstRow * _width : 0);
        TensorPrimitives.Multiply(Of(from, count), Of(factors, count), new Span<float>(to, count * _width));
    }

    /// <summary>to [count, width] += from * factors, of the first sequences; the factors are the same at all steps.</summary>
    public void AddTo(float* from, int count, float* to)
    {
        var sum = new Span<float>(to, count * _width);
        TensorPrimitives.MultiplyAdd(Of(from, count), Of(_factors.Data, count), sum, sum);
    }

    private void DrawRow(Dropout dropout, int place, int sequence, int step, int row)
    {
        var factors = new Span<float>(_factors.Data + (long)row * _width, _width);
        factors.Fill(1);
        dropout.Apply(factors, place, sequence, step);
    }

    private ReadOnlySpan<float> Of(float* rows, int count) => new(rows, count * _width);
}
