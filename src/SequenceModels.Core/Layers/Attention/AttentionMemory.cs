using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// The encoder's states of a batch as attention reads them: those of one sequence together, and once more transposed.
/// </summary>
internal sealed unsafe class AttentionMemory
{
    private SequenceBatch _batch = new();
    private int[] _starts = [];
    private long[] _transposedStarts = [];

    /// <summary>[rows, D] the states, sequence after sequence.</summary>
    public FloatBuffer States { get; } = new();

    /// <summary>[D, S] for each sequence, S padded to a multiple of 16.</summary>
    public FloatBuffer Transposed { get; } = new();

    /// <summary>[rows, D] dLoss/dStates.</summary>
    public FloatBuffer Gradient { get; } = new();

    /// <summary>[rows, A] what is worked out of each state once, where the score needs that, and its gradient.</summary>
    public FloatBuffer Keys { get; } = new();

    public FloatBuffer KeyGradient { get; } = new();

    /// <summary>D: floats of a state.</summary>
    public int Stride { get; private set; }

    /// <summary>Steps of all sequences.</summary>
    public int Rows => _batch.Rows;

    /// <summary>S: steps of a sequence.</summary>
    public int Steps(int sequence) => _batch.Length(sequence);

    /// <summary>S, padded to a multiple of 16.</summary>
    public int PaddedSteps(int sequence) => Kernels.Rows.Padded(_batch.Length(sequence));

    /// <summary>The place of a sequence's first state among all.</summary>
    public int Start(int sequence) => _starts[sequence];

    /// <summary>[S, D] the states of a sequence.</summary>
    public float* Of(int sequence) => States.Data + (long)_starts[sequence] * Stride;

    /// <summary>[D, S].</summary>
    public float* TransposedOf(int sequence) => Transposed.Data + _transposedStarts[sequence];

    /// <summary>[S, D].</summary>
    public float* GradientOf(int sequence) => Gradient.Data + (long)_starts[sequence] * Stride;

    /// <summary>Takes the states of a batch.</summary>
    /// <param name="batch">Its shape; kept.</param>
    /// <param name="states">[rows, D] in the order of the batch's rows.</param>
    /// <param name="stride">D.</param>
    public void Take(SequenceBatch batch, float* states, int stride)
    {
        (_batch, Stride) = (batch, stride);
        if (_starts.Length < batch.Count)
            (_starts, _transposedStarts) = (new int[batch.Count], new long[batch.Count]);
        long transposed = 0;
        for (int k = 0, start = 0; k < batch.Count; k++)
        {
            (_starts[k], _transposedStarts[k]) = (start, transposed);
            start += batch.Length(k);
            transposed += (long)PaddedSteps(k) * stride;
        }
        States.Reserve((long)batch.Rows * stride);
        Transposed.Reserve(transposed);
        for (int k = 0; k < batch.Count; k++)
        {
            for (int t = 0; t < batch.Length(k); t++)
                Kernels.Rows.Copy(states + (long)(batch.Offset(t) + k) * stride, Of(k) + (long)t * stride, stride);
            Transpose(Of(k), batch.Length(k), TransposedOf(k), PaddedSteps(k));
        }
    }

    /// <summary>Begins the way back.</summary>
    public void ClearGradient()
    {
        Gradient.Reserve((long)Rows * Stride);
        Gradient.Clear((long)Rows * Stride);
    }

    /// <summary>Adds the gradients of the states to those of the encoder's output [rows, D].</summary>
    public void AddGradientTo(float* dStates)
    {
        for (int k = 0; k < _batch.Count; k++)
            for (int t = 0; t < _batch.Length(k); t++)
                Kernels.Rows.Add(GradientOf(k) + (long)t * Stride, dStates + (long)(_batch.Offset(t) + k) * Stride, Stride);
    }

    private void Transpose(float* from, int steps, float* to, int padded)
    {
        for (int column = 0; column < Stride; column++)
        {
            float* row = to + (long)column * padded;
            for (int t = 0; t < steps; t++)
                row[t] = from[(long)t * Stride + column];
            new Span<float>(row + steps, padded - steps).Clear();
        }
    }
}
