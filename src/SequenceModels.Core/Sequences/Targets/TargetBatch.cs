using SequenceModels.Kernels;

namespace SequenceModels.Sequences;

/// <summary>What the outputs of a packed batch should say.</summary>
internal sealed class TargetBatch
{
    private readonly FloatBuffer _labels = new(), _weights = new();
    private int _rows, _size;

    /// <summary>[M, L] labels of the M rows of outputs.</summary>
    public Span<float> Labels => _labels.Span[..(_rows * _size)];

    /// <summary>[M] what each row of outputs counts.</summary>
    public Span<float> Weights => _weights.Span[.._rows];

    /// <summary>Makes room.</summary>
    /// <param name="rows">M.</param>
    /// <param name="size">L.</param>
    public void Reserve(int rows, int size)
    {
        (_rows, _size) = (rows, size);
        _labels.Reserve((long)rows * size);
        _weights.Reserve(rows);
    }
}
