using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// The tag sequence with the largest score of each sequence of a batch; of equals that with the smaller tag where they last
/// differ. Scratch memory of a pass.
/// </summary>
/// <remarks>
/// Viterbi, IEEE Transactions on Information Theory 13, 1967. The largest scores alone are kept, step by step: which tag they
/// came from is found again where the path goes.
/// </remarks>
internal sealed unsafe class LikeliestPaths
{
    private readonly DoubleBuffer _largest = new(); // [M, K] of the ways that lead to the tag of a step
    private CrfScores _scores = null!;

    /// <summary>Writes each step's tag.</summary>
    /// <param name="scores">Of transitions, start and end.</param>
    /// <param name="outputs">[M, K] scores of the steps' tags.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="tags">[M] written.</param>
    public void Find(CrfScores scores, OutputRows outputs, SequenceBatch batch, Span<float> tags)
    {
        _scores = scores;
        _largest.Reserve((long)batch.Rows * scores.Stride);
        for (int t = 0; t < batch.Steps; t++)
        {
            int alive = batch.Alive(t), first = batch.Offset(t);
            if (t > 0)
                DoubleMatrices.Product<MaximumOfSums>(alive, scores.Tags, scores.Stride,
                    DoubleMatrix.Rows(Row(batch.Offset(t - 1)), scores.Stride), scores.Transitions,
                    DoubleMatrix.Rows(Row(first), scores.Stride));
            for (int k = 0; k < alive; k++)
            {
                double* row = Row(first + k), before = t == 0 ? scores.Start : row;
                float* output = outputs[first + k];
                for (int tag = 0; tag < scores.Tags; tag++)
                    row[tag] = before[tag] + output[tag];
            }
        }
        for (int k = 0; k < batch.Count && batch.Length(k) > 0; k++)
        {
            int t = batch.Length(k) - 1, tag = Last(Row(batch.Offset(t) + k));
            for (tags[batch.Offset(t) + k] = tag; t > 0; t--)
                tags[batch.Offset(t - 1) + k] = tag = Before(Row(batch.Offset(t - 1) + k), tag);
        }
    }

    private int Last(double* row)
    {
        (int best, double largest) = (0, double.NegativeInfinity);
        for (int tag = 0; tag < _scores.Tags; tag++)
            if (row[tag] + _scores.End[tag] > largest)
                (best, largest) = (tag, row[tag] + _scores.End[tag]);
        return best;
    }

    private int Before(double* row, int tag)
    {
        double* transitions = (double*)_scores.Transitions.Data + _scores.Place(0, tag);
        (int best, double largest) = (0, double.NegativeInfinity);
        for (int from = 0; from < _scores.Tags; from++, transitions += DoubleMatrices.PanelWidth)
            if (row[from] + *transitions > largest)
                (best, largest) = (from, row[from] + *transitions);
        return best;
    }

    private double* Row(int row) => _largest.Data + (long)row * _scores.Stride;
}
