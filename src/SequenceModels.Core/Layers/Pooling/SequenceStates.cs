using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>The states of one sequence of a batch, step after step, or their gradients.</summary>
/// <param name="Batch">Where it is.</param>
/// <param name="Number">k: its place among the batch's sequences.</param>
/// <param name="Data">[rows, D] those of all sequences.</param>
/// <param name="Stride">D.</param>
internal readonly unsafe record struct SequenceStates(SequenceBatch Batch, int Number, nint Data, int Stride)
{
    /// <summary>T.</summary>
    public int Count => Batch.Length(Number);

    /// <summary>[D] of a step.</summary>
    public Span<float> this[int step] => new((float*)Data + (long)(Batch.Offset(step) + Number) * Stride, Stride);
}
