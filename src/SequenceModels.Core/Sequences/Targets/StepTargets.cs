using System.Security.Cryptography;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>A label for each step, such as a tag; NaN: that step counts nothing.</summary>
internal sealed class StepTargets(SequenceDataset data) : Targets(data)
{
    private readonly SpillList<float> _labels = data.NewList<float>();

    public override int Size => 1;

    public override Targets CreateFor(SequenceDataset other) => new StepTargets(other);

    public override void Add(ReadOnlySpan<float> labels, int steps)
    {
        if (labels.Length != steps)
            throw new ArgumentException(
                $"{Counted.Of(steps, "step")} with {Counted.Of(labels.Length, "label")}: each step needs one.", nameof(labels));
        _labels.Write(Data.NumberOfSteps, labels);
    }

    public override ReadOnlySpan<float> Of(int row) => _labels.Span(Data.Start(row), Data.Length(row));

    public override double Count(int row, StepRange steps, float[]? classWeights)
    {
        double sum = 0;
        foreach (float label in Of(row).Slice(steps.First, steps.StepsOf(Data.Length(row))))
            sum += float.IsNaN(label) ? 0 : classWeights is null ? 1 : classWeights[(int)label];
        return sum;
    }

    public override void Place(SequenceBatch batch, int k, int row, int firstStep, double share, float[]? classWeights,
        TargetBatch to)
    {
        Span<float> labels = to.Labels, weights = to.Weights;
        ReadOnlySpan<float> steps = batch.Part(Of(row), k, firstStep, 1);
        for (int t = 0; t < steps.Length; t++)
            (labels[batch.Offset(t) + k], weights[batch.Offset(t) + k]) = float.IsNaN(steps[t]) ? (0, 0)
                : (steps[t], (float)(share * (classWeights is null ? 1 : classWeights[(int)steps[t]])));
    }

    /// <summary>Those up to the last that has a label.</summary>
    public override int LearnedSteps(int row)
    {
        ReadOnlySpan<float> labels = Of(row);
        int steps = labels.Length;
        while (steps > 0 && float.IsNaN(labels[steps - 1]))
            steps--;
        return steps;
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
}
