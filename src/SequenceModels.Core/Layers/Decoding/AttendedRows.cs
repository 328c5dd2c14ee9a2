using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>What attention remembers of the rows of a batch between forward and backward.</summary>
internal sealed unsafe class AttendedRows
{
    private long[] _weightStarts = [];

    /// <summary>[rows, Q], [rows, D] and [rows, A] in the order of the batch's rows.</summary>
    public FloatBuffer Queries { get; } = new();

    public FloatBuffer Contexts { get; } = new();

    public FloatBuffer Vectors { get; } = new();

    /// <summary>[steps, S] for each sequence what each state of its source counted, S padded.</summary>
    public FloatBuffer Weights { get; } = new();

    /// <summary>[rows, Q] and [rows, D] gradients of a batch's rows, or of a step's.</summary>
    public FloatBuffer QueryGradient { get; } = new();

    public FloatBuffer ContextGradient { get; } = new();

    /// <summary>[steps, ...] of one sequence, step after step.</summary>
    public FloatBuffer OneQueries { get; } = new();

    public FloatBuffer OneQueryGradients { get; } = new();

    public FloatBuffer OneContexts { get; } = new();

    /// <summary>[steps, S] gradients of one sequence's scores.</summary>
    public FloatBuffer Scores { get; } = new();

    /// <summary>Makes room.</summary>
    /// <param name="pass">Has the batch and its sources.</param>
    /// <param name="query">Q.</param>
    /// <param name="vector">A, padded.</param>
    public void Reserve(DecoderPass pass, int query, int vector)
    {
        SequenceBatch batch = pass.Target;
        Queries.Reserve((long)batch.Rows * query);
        Contexts.Reserve((long)batch.Rows * pass.Memory.Stride);
        Vectors.Reserve((long)batch.Rows * vector);
        if (_weightStarts.Length < batch.Count)
            _weightStarts = new long[batch.Count];
        long length = 0;
        for (int k = 0; k < batch.Count; k++)
        {
            _weightStarts[k] = length;
            length += (long)batch.Length(k) * pass.Memory.PaddedSteps(pass.Source(k));
        }
        Weights.Reserve(length);
    }

    /// <summary>[steps, S] the weights of a sequence from a step on.</summary>
    public float* WeightsOf(DecoderPass pass, int k, int step) =>
        Weights.Data + _weightStarts[k] + (long)step * pass.Memory.PaddedSteps(pass.Source(k));

    /// <summary>Makes room for the gradients of some rows; those of contexts are added to.</summary>
    public void ReserveGradients(int rows, int query, int context)
    {
        QueryGradient.Reserve((long)rows * query);
        ContextGradient.Reserve((long)rows * context);
        ContextGradient.Clear((long)rows * context);
    }

    /// <summary>
    /// Where the rows of one sequence are worked on: in a place of their own, or where they stand, if it is one.
    /// </summary>
    public static float* PlaceOf(FloatBuffer own, SequenceBatch batch, int k, float* rows, int stride)
    {
        if (batch.Steps == 1)
            return rows + (long)k * stride;
        own.Reserve((long)batch.Length(k) * stride);
        return own.Data;
    }

    /// <summary>The rows of one sequence together.</summary>
    public static float* Gather(FloatBuffer own, SequenceBatch batch, int k, float* rows, int stride)
    {
        float* to = PlaceOf(own, batch, k, rows, stride);
        for (int t = 0; batch.Steps > 1 && t < batch.Length(k); t++)
            Rows.Copy(rows + (long)(batch.Offset(t) + k) * stride, to + (long)t * stride, stride);
        return to;
    }

    /// <summary>The way back of <see cref="Gather"/>.</summary>
    public static void Scatter(float* from, SequenceBatch batch, int k, float* rows, int stride)
    {
        for (int t = 0; batch.Steps > 1 && t < batch.Length(k); t++)
            Rows.Copy(from + (long)t * stride, rows + (long)(batch.Offset(t) + k) * stride, stride);
    }
}
