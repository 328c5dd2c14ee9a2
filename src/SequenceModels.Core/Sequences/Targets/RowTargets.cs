using System.Security.Cryptography;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>A label for each sequence: a class, a number, or several numbers, such as a forecast's.</summary>
/// <param name="data">The rows.</param>
/// <param name="size">L.</param>
internal sealed class RowTargets(SequenceDataset data, int size = 1) : Targets(data)
{
    private readonly SpillList<float> _labels = data.NewList<float>();

    public override int Size => size;

    public override Targets CreateFor(SequenceDataset other) => new RowTargets(other, size);

    public override void Add(ReadOnlySpan<float> labels, int steps)
    {
        if (labels.Length != size)
            throw new ArgumentException(Invariant($"A row has {Counted.Of(size, "label")}, not {labels.Length}."),
                nameof(labels));
        _labels.Write((long)Data.Count * size, labels);
    }

    public override ReadOnlySpan<float> Of(int row) => _labels.Span((long)row * size, size);

    public override double Count(int row, StepRange steps, float[]? classWeights) => WeightOf(Of(row), classWeights);

    public override void Place(SequenceBatch batch, int k, int row, int firstStep, double share, float[]? classWeights,
        TargetBatch to)
    {
        ReadOnlySpan<float> labels = Of(row);
        labels.CopyTo(to.Labels[(k * size)..]);
        to.Weights[k] = (float)(share * WeightOf(labels, classWeights));
    }

    public override void Visit(int row, Action<float> visit)
    {
        foreach (float label in Of(row))
            if (!float.IsNaN(label))
                visit(label);
    }

    public override void AppendTo(IncrementalHash hash) => _labels.AppendTo(hash);

    public override void Clear() => _labels.Clear();

    public override void Dispose() => _labels.Dispose();

    private static float WeightOf(ReadOnlySpan<float> labels, float[]? classWeights) => classWeights is null ? 1
        : classWeights[(int)labels[0]];
}
