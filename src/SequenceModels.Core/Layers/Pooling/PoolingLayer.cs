using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>Many states to one vector: the last, the mean or the largest over time. Of an empty sequence: zero.</summary>
internal sealed unsafe class PoolingLayer(SequencePooling pooling, int directions, int stateStride)
{
    private int[] _largestAt = [];

    private int Stride => directions * stateStride;

    /// <summary>Where the states of a sequence's earlier steps are, if it comes in parts. Null: sequences are whole.</summary>
    public PooledStates? Carried { get; set; }

    /// <summary>pooled [B, D] from states [rows, D].</summary>
    public void Forward(SequenceBatch batch, float* states, float* pooled)
    {
        if (Carried is not null)
        {
            Carry(batch, states, pooled);
            return;
        }
        if (pooling == SequencePooling.Max && _largestAt.Length < (long)batch.Count * Stride)
            _largestAt = new int[ArrayLength.Of(batch.Count, Stride)];
        for (int k = 0; k < batch.Count; k++)
        {
            var to = new Span<float>(pooled + (long)k * Stride, Stride);
            to.Clear();
            if (batch.Length(k) == 0)
                continue;
            if (pooling == SequencePooling.Last)
                for (int d = 0; d < directions; d++)
                    Rows.Copy(states + LastRow(batch, k, d) * Stride + d * stateStride,
                        pooled + (long)k * Stride + d * stateStride, stateStride);
            else if (pooling == SequencePooling.Mean)
                Mean(batch, k, states, to);
            else
                Max(batch, k, states, to, _largestAt.AsSpan(k * Stride, Stride));
        }
    }

    /// <summary>
    /// The same of one sequence that goes on: what is pooled is all of its steps so far, in the same order of sums.
    /// </summary>
    private void Carry(SequenceBatch batch, float* states, float* pooled)
    {
        PooledStates carried = Carried!;
        var to = new Span<float>(pooled, Stride);
        Span<float> soFar = carried.Reserve(Stride);
        for (int t = 0; t < batch.Steps; t++)
        {
            ReadOnlySpan<float> row = RowOf(batch, 0, t, states);
            if (pooling == SequencePooling.Mean)
                System.Numerics.Tensors.TensorPrimitives.Add(soFar, row, soFar);
            else if (pooling == SequencePooling.Last || carried.Steps == 0)
                row.CopyTo(soFar);
            else
                for (int i = 0; i < row.Length; i++)
                    if (row[i] > soFar[i])
                        soFar[i] = row[i];
            carried.Steps++;
        }
        if (pooling == SequencePooling.Mean && carried.Steps > 0)
            System.Numerics.Tensors.TensorPrimitives.Divide(soFar, carried.Steps, to);
        else
            soFar.CopyTo(to);
    }

    /// <summary>dStates [rows, D], written whole, from dPooled [B, D].</summary>
    public void Backward(SequenceBatch batch, float* dPooled, FloatBuffer dStates)
    {
        if (pooling != SequencePooling.Mean)
            dStates.Clear((long)batch.Rows * Stride);
        for (int k = 0; k < batch.Count; k++)
        {
            float* from = dPooled + (long)k * Stride;
            if (batch.Length(k) == 0)
                continue;
            if (pooling == SequencePooling.Last)
                for (int d = 0; d < directions; d++)
                    Rows.Copy(from + d * stateStride, dStates.Data + LastRow(batch, k, d) * Stride + d * stateStride,
                        stateStride);
            else if (pooling == SequencePooling.Mean)
                for (int t = 0; t < batch.Length(k); t++)
                {
                    float* to = dStates.Data + (long)(batch.Offset(t) + k) * Stride;
                    for (int i = 0; i < Stride; i++)
                        to[i] = from[i] / batch.Length(k);
                }
            else
                for (int i = 0; i < Stride; i++)
                    dStates.Data[(long)(batch.Offset(_largestAt[k * Stride + i]) + k) * Stride + i] = from[i];
        }
    }

    /// <summary>Where a direction ends: the sequence's last step going forward, its first going backward.</summary>
    private static long LastRow(SequenceBatch batch, int k, int direction) =>
        direction == 0 ? batch.Offset(batch.Length(k) - 1) + k : k;

    private void Mean(SequenceBatch batch, int k, float* states, Span<float> mean)
    {
        for (int t = 0; t < batch.Length(k); t++)
            System.Numerics.Tensors.TensorPrimitives.Add(mean, RowOf(batch, k, t, states), mean);
        System.Numerics.Tensors.TensorPrimitives.Divide(mean, batch.Length(k), mean);
    }

    private void Max(SequenceBatch batch, int k, float* states, Span<float> largest, Span<int> at)
    {
        RowOf(batch, k, 0, states).CopyTo(largest);
        at.Clear();
        for (int t = 1; t < batch.Length(k); t++)
        {
            ReadOnlySpan<float> row = RowOf(batch, k, t, states);
            for (int i = 0; i < row.Length; i++)
                if (row[i] > largest[i])
                    (largest[i], at[i]) = (row[i], t);
        }
    }

    private ReadOnlySpan<float> RowOf(SequenceBatch batch, int k, int t, float* states) =>
        new(states + (long)(batch.Offset(t) + k) * Stride, Stride);
}
