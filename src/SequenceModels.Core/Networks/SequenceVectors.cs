using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// What a network has made of whole sequences when its output layer reads them: the pooled states; where every step has an
/// output, the states with which each direction ends. One per thread.
/// </summary>
internal sealed unsafe class SequenceVectors(EncoderNetwork network)
{
    private readonly EncoderPass _pass = network.CreatePass();

    /// <summary>D: numbers in a vector, without the padding behind each direction's states.</summary>
    public static int SizeOf(EncoderNetwork network) => Blocks(network) * network.Spec.Encoder.HiddenSize;

    /// <summary>Writes the vectors of some sequences. Each is, to the bit, the one that the sequence has alone.</summary>
    /// <param name="data">The sequences.</param>
    /// <param name="rows">Which of them, longest first.</param>
    /// <param name="vectors">[data.Count, D] of which these are written; zeros of a sequence without steps.</param>
    /// <exception cref="ArithmeticException">A number is NaN or infinite, by numbers or weights that are too large.</exception>
    public void Write(SequenceDataset data, ReadOnlySpan<int> rows, Span<float> vectors)
    {
        // What rows have beside their steps enters behind the pooled states: it makes no difference here.
        NetworkInput.RequireFinite(network.Spec.Inputs, data.RowFeatures.Size, data, rows);
        _pass.Load(data, rows, numbers: rows, StepRange.All);
        FeatureRows features = network.ReadFeatures(_pass);
        int size = SizeOf(network);
        for (int k = 0; k < rows.Length; k++)
        {
            Span<float> vector = vectors.Slice(rows[k] * size, size);
            Write(features, k, vector);
            FiniteNumbers.RequireScores(vector);
        }
    }

    private void Write(in FeatureRows features, int k, Span<float> vector)
    {
        SequenceBatch batch = _pass.Batch;
        int hidden = network.Spec.Encoder.HiddenSize, blocks = Blocks(network);
        for (int block = 0; block < blocks; block++)
        {
            Span<float> to = vector.Slice(block * hidden, hidden);
            if (!network.Spec.Output.EveryStep)
                new ReadOnlySpan<float>(features[k] + block * Rows.Padded(hidden), hidden).CopyTo(to);
            else if (batch.Length(k) == 0)
                to.Clear();
            else
                new ReadOnlySpan<float>(features[LastRow(batch, k, block)] + block * Rows.Padded(hidden), hidden).CopyTo(to);
        }
    }

    /// <summary>Where a direction ends: at the last step going forward, at the first going backward.</summary>
    private static int LastRow(SequenceBatch batch, int k, int direction) =>
        direction == 0 ? batch.Offset(batch.Length(k) - 1) + k : k;

    /// <summary>Vectors of H numbers, each padded, that the output layer reads side by side.</summary>
    private static int Blocks(EncoderNetwork network) => network.FeatureStride / Rows.Padded(network.Spec.Encoder.HiddenSize);
}
