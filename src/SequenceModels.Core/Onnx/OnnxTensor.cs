namespace SequenceModels.Onnx;

/// <summary>A tensor of weights, which are read row by row when they are written.</summary>
/// <param name="Dimensions">Its shape.</param>
/// <param name="RowLength">Floats of a row: of one call of <paramref name="Read"/>.</param>
/// <param name="Read">Writes a row, counted from 0, into a span of so many floats.</param>
internal sealed record OnnxTensor(IReadOnlyList<int> Dimensions, int RowLength, Action<int, Span<float>> Read)
{
    /// <summary>Floats.</summary>
    public long Length { get; } = Dimensions.Aggregate(1L, (product, size) => product * size);

    public int Rows => RowLength == 0 ? 0 : (int)(Length / RowLength);

    /// <summary>A tensor of numbers that are there already.</summary>
    public static OnnxTensor Of(float[] values, params int[] dimensions) =>
        new(dimensions, values.Length, (_, row) => values.CopyTo(row));

    /// <summary>All floats, in memory of their own.</summary>
    public float[] ToArray()
    {
        float[] values = new float[Length];
        for (int row = 0; row < Rows; row++)
            Read(row, values.AsSpan(row * RowLength, RowLength));
        return values;
    }
}
