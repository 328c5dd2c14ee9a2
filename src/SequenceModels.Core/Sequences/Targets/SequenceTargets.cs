using System.Security.Cryptography;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>
/// A sequence of tokens for each sequence, of any length of its own: a translation. What is predicted after each of its tokens is
/// the next one, and after the last the boundary.
/// </summary>
/// <param name="data">The rows.</param>
/// <param name="vocabularySize">V: tokens are keys 1..V, 0 = unknown. Numbers of a float: at most 2^24 - 2.</param>
internal sealed class SequenceTargets(SequenceDataset data, int vocabularySize) : Targets(data)
{
    /// <summary>For each row the boundary, its tokens, and the boundary.</summary>
    private readonly SpillList<float> _tokens = data.NewList<float>();
    private readonly SpillList<long> _ends = data.NewList<long>();

    public override int Size => 1;

    /// <summary>V.</summary>
    public int VocabularySize => vocabularySize;

    /// <summary>The token that every sequence begins and ends with, behind all others.</summary>
    public int Boundary => vocabularySize + 1;

    public override Targets CreateFor(SequenceDataset other) => new SequenceTargets(other, vocabularySize);

    /// <summary>Takes the tokens of the row that is added next.</summary>
    /// <param name="labels">Keys; those above V are taken as unknown. May be empty.</param>
    /// <param name="steps">Of the row; not read.</param>
    public override void Add(ReadOnlySpan<float> labels, int steps)
    {
        long start = _tokens.Count;
        _tokens.Resize(start + labels.Length + 2);
        Span<float> tokens = _tokens.Span(start, labels.Length + 2);
        for (int i = 0; i < labels.Length; i++)
            tokens[i + 1] = labels[i] >= 0 && labels[i] <= vocabularySize ? labels[i] : 0;
        tokens[0] = tokens[^1] = Boundary;
        _ends.Add(_tokens.Count);
    }

    /// <summary>Steps of the decoder for a row: one more than it has tokens.</summary>
    public int Steps(int row) => (int)(_ends[row] - Start(row)) - 1;

    /// <summary>What the decoder reads: the boundary, then the tokens.</summary>
    public ReadOnlySpan<float> Inputs(int row) => _tokens.Span(Start(row), Steps(row));

    public override ReadOnlySpan<float> Of(int row) => Inputs(row)[1..];

    public override double Count(int row, StepRange steps, float[]? classWeights) => Steps(row);

    public override void Place(SequenceBatch batch, int k, int row, int firstStep, double share, float[]? classWeights,
        TargetBatch to)
    {
        ReadOnlySpan<float> labels = Outputs(row);
        Span<float> toLabels = to.Labels, weights = to.Weights;
        for (int t = 0; t < labels.Length; t++)
            (toLabels[batch.Offset(t) + k], weights[batch.Offset(t) + k]) = (labels[t], (float)share);
    }

    /// <summary>Visits each token and the boundary behind them.</summary>
    public override void Visit(int row, Action<float> visit)
    {
        foreach (float token in Outputs(row))
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

    /// <summary>What is to be predicted: the tokens, then the boundary.</summary>
    private ReadOnlySpan<float> Outputs(int row) => _tokens.Span(Start(row) + 1, Steps(row));

    private long Start(int row) => row == 0 ? 0 : _ends[row - 1];
}
