using System.Runtime.InteropServices;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// What one shard of a batch leaves for U of a <see cref="RowFeatureLayer"/>: its sums are the outputs of the sequences.
/// </summary>
/// <param name="table">U [F, K], in one panel.</param>
internal sealed unsafe class RowFeatureGradients(Parameter table) : WeightedGradients(table, table.Rows - 1)
{
    private readonly Parameter _table = table;

    /// <summary>Takes the numbers of a batch.</summary>
    public void Begin(BatchRowFeatures features)
    {
        Begin(MemoryMarshal.Cast<int, uint>(features.Slots), features.Sequences);
        ReadOnlySpan<float> numbers = features.Values;
        for (int k = 0; k < features.Sequences; k++)
            for (int term = features.Start(k); term < features.Start(k + 1); term++)
                SetTerm(term, sum: k, numbers[term]);
    }

    /// <summary>Takes the gradients of the outputs of some of the batch's sequences.</summary>
    /// <param name="first">The first sequence.</param>
    /// <param name="count">How many.</param>
    /// <param name="dOutputs">[count, K], padded to a multiple of 16.</param>
    public void Take(int first, int count, float* dOutputs) =>
        Rows.Copy(dOutputs, Vectors[0].Data + (long)first * _table.PhysicalColumns, (long)count * _table.PhysicalColumns);
}
