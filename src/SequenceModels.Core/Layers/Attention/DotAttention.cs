using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>s · h: the query is the decoder's state itself, its parts padded as the encoder's directions are.</summary>
/// <param name="source">Of the encoder.</param>
/// <param name="hiddenSize">H of the decoder: as long as the encoder's states.</param>
internal sealed unsafe class DotAttention(SourceShape source, int hiddenSize) : ProductAttention(source)
{
    public override void Query(int rows, float* states, nint stride, float* queries)
    {
        if (hiddenSize != Source.Size)
            throw new InvalidOperationException(Invariant($"A state of {hiddenSize} numbers meets states of {Source.Size}."));
        new Span<float>(queries, rows * QueryStride).Clear();
        for (int row = 0; row < rows; row++)
            for (int d = 0; d < Source.Directions; d++)
                Part(states + row * stride, d).CopyTo(Padded(queries + (long)row * QueryStride, d));
    }

    public override void QueryBackward(int rows, float* states, float* dStates, nint stride, float* dQueries,
        FloatBuffer gradients, PendingRows? pending)
    {
        for (int row = 0; row < rows; row++)
            for (int d = 0; d < Source.Directions; d++)
            {
                Span<float> to = Part(dStates + row * stride, d);
                System.Numerics.Tensors.TensorPrimitives.Add(to, Padded(dQueries + (long)row * QueryStride, d), to);
            }
    }

    private Span<float> Part(float* state, int direction) => new(state + direction * Source.HiddenSize, Source.HiddenSize);

    private Span<float> Padded(float* query, int direction) =>
        new(query + direction * Rows.Padded(Source.HiddenSize), Source.HiddenSize);
}
