using SequenceModels.Kernels;

namespace SequenceModels.Layers;

/// <summary>A score that is the product of a query, as long as the encoder's states, with each of them.</summary>
internal abstract unsafe class ProductAttention(SourceShape source) : AttentionLayer
{
    protected SourceShape Source => source;

    public override int QueryStride => source.Stride;

    protected override void Score(AttentionMemory memory, int sequence, int rows, float* queries, float* scores)
    {
        int padded = memory.PaddedSteps(sequence);
        Multiply(rows, memory.Stride, Operand.Rows(queries, QueryStride), memory.TransposedOf(sequence), padded, padded, scores);
    }

    protected override void ScoreBackward(AttentionMemory memory, int sequence, int rows, float* queries, float* dScores,
        float* dQueries, FloatBuffer gradients)
    {
        int steps = memory.Steps(sequence), padded = memory.PaddedSteps(sequence), stride = memory.Stride;
        AddProduct(steps, rows, Operand.Columns(dScores, padded), queries, stride, stride, memory.GradientOf(sequence));
        AddProduct(rows, steps, Operand.Rows(dScores, padded), memory.Of(sequence), stride, stride, dQueries);
    }
}
