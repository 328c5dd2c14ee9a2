using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>
/// The rows that a product multiplies with its weights, made ready once for all panels: as they are, or, where the weights are
/// 8-bit, rounded to bytes.
/// </summary>
internal readonly unsafe struct ProductInput
{
    /// <summary>Rows as they are.</summary>
    public ProductInput(float* data, nint stride)
    {
        Data = data;
        Stride = stride;
    }

    /// <summary>
    /// Rows of bytes, which hold until the thread rounds others, and the weights that they are multiplied with.
    /// </summary>
    public ProductInput(ByteRows rows, BytePanels weights)
    {
        ByteRows = rows;
        Weights = weights;
    }

    /// <summary>[M, physical rows of W], where the weights are floats.</summary>
    public float* Data { get; }

    /// <summary>Floats from one row to the next.</summary>
    public nint Stride { get; }

    /// <summary>[M, physical rows of W], where the weights are bytes.</summary>
    public ByteRows ByteRows { get; }

    /// <summary>Null where they are floats.</summary>
    public BytePanels? Weights { get; }
}
