using System.Security.Cryptography;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>
/// The tokens that are said in the steps of each sequence, in their order; nobody knows at which steps. A sequence that has too
/// few steps for its tokens counts nothing.
/// </summary>
/// <param name="data">The rows.</param>
internal sealed class TranscriptionTargets(SequenceDataset data) : Targets(data)
{
    private readonly SpillList<float> _tokens = data.NewList<float>();
    private readonly SpillList<long> _ends = data.NewList<long>();

    public override int Size => 1;

    /// <summary>How many steps a label needs: one for each token, and one between two equal neighbours.</summary>
    public static int StepsFor(ReadOnlySpan<float> label)
    {
        int steps = label.Length;
        for (int i = 1; i < label.Length; i++)
            steps += label[i].Equals(label[i - 1]) ? 1 : 0;
        return steps;
    }

    public override Targets CreateFor(SequenceDataset other) => new TranscriptionTargets(other);

    /// <summary>Takes the tokens of the row that is added next.</summary>
    /// <param name="labels">Keys from 1. May be empty.</param>
    /// <param name="steps">Of the row; not read.</param>
    public override void Add(ReadOnlySpan<float> labels, int steps)
    {
        _tokens.Write(_tokens.Count, labels);
        _ends.Add(_tokens.Count);
    }

    public override ReadOnlySpan<float> Of(int row) => _tokens.Span(Start(row), (int)(_ends[row] - Start(row)));

    public override double Count(int row, StepRange steps, float[]? classWeights) =>
        IsSpelled(row) ? Math.Max(1, Of(row).Length) : 0;

    public override void Place(SequenceBatch batch, int k, int row, int firstStep, double share, float[]? classWeights,
        TargetBatch to)
    {
        ReadOnlySpan<float> tokens = IsSpelled(row) ? Of(row) : [];
        float weight = IsSpelled(row) ? (float)share : 0;
        Span<float> labels = to.Labels, weights = to.Weights;
        for (int t = 0; t < batch.Length(k); t++)
            (labels[batch.Offset(t) + k], weights[batch.Offset(t) + k]) =
                (t < tokens.Length ? tokens[t] : float.NaN, t < Math.Max(1, tokens.Length) ? weight : 0);
    }

    public override void Visit(int row, Action<float> visit)
    {
        foreach (float token in Of(row))
            visit(token);
    }

    public override void AppendTo(IncrementalHash hash)
    {
        _tokens.AppendTo(hash);
        _ends.AppendTo(hash);
    }

    public override void Clear()
    {
        _tokens.Clear();
        _ends.Clear();
    }

    public override void Dispose()
    {
        _tokens.Dispose();
        _ends.Dispose();
    }

    /// <summary>Whether a row has steps enough for its tokens, and any.</summary>
    private bool IsSpelled(int row) => Data.Length(row) is > 0 and int steps && steps >= StepsFor(Of(row));

    private long Start(int row) => row == 0 ? 0 : _ends[row - 1];
}
