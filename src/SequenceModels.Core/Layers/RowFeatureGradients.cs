using System.Runtime.InteropServices;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// What one shard of a batch leaves for U of a <see cref="RowFeatureLayer"/>: for each number the slot, the sequence and the
/// number itself. Its part of the gradient of the slot's row is the number times the gradient of the sequence's outputs.
/// </summary>
/// <param name="table">U [F, K], in one panel.</param>
internal sealed unsafe class RowFeatureGradients(Parameter table)
    : EmbeddingGradients([table], table.Rows - 1, hasUnknownRow: true) // keys are slots, counted from 0
{
    private int[] _sequences = [];
    private float[] _numbers = [];

    /// <summary>Takes the numbers of a batch.</summary>
    public void Begin(BatchRowFeatures features)
    {
        SetTokens(MemoryMarshal.Cast<int, uint>(features.Slots));
        if (_numbers.Length < features.Values.Length)
            (_sequences, _numbers) = (new int[features.Values.Length], new float[features.Values.Length]);
        features.Values.CopyTo(_numbers);
        for (int k = 0; k < features.Sequences; k++)
            _sequences.AsSpan(features.Start(k), features.Start(k + 1) - features.Start(k)).Fill(k);
        Vectors[0].Reserve((long)features.Sequences * table.PhysicalColumns);
    }

    /// <summary>Takes the gradients of the outputs of some of the batch's sequences.</summary>
    /// <param name="first">The first sequence.</param>
    /// <param name="count">How many.</param>
    /// <param name="dOutputs">[count, K], padded to a multiple of 16.</param>
    public void Take(int first, int count, float* dOutputs) =>
        Rows.Copy(dOutputs, Vectors[0].Data + (long)first * table.PhysicalColumns, (long)count * table.PhysicalColumns);

    public override void AddTo(float* sum, int ofTable, int panel, int vector) =>
        Rows.AddScaled(Vectors[0].Data + (long)_sequences[vector] * table.PhysicalColumns, _numbers[vector], sum,
            table.PhysicalColumns);

    public override void CopyTo(float* sum, int ofTable, int panel, int vector)
    {
        new Span<float>(sum, table.PhysicalColumns).Clear();
        AddTo(sum, ofTable, panel, vector);
    }
}
