using System.Security.Cryptography;

namespace SequenceModels.Sequences;

/// <summary>
/// The label of each step is the step that comes next, read from where it stands: nothing is held twice.
/// A sequence of T steps is a row of T - 1, for nothing comes after the last. Steps are tokens, or frames of 0 and 1.
/// </summary>
internal sealed class NextStepTargets(SequenceDataset data) : Targets(data)
{
    /// <summary>A key, or the F numbers of a frame.</summary>
    public override int Size => Data.Inputs.AreTokens ? 1 : Data.Inputs[0].Size;

    public override int StepsOf(int steps) => Math.Max(0, steps - 1);

    public override Targets CreateFor(SequenceDataset other) => new NextStepTargets(other);

    public override void Add(ReadOnlySpan<float> labels, int steps)
    {
        if (!labels.IsEmpty)
            throw new ArgumentException(Invariant($"The steps themselves are the labels; {labels.Length} more were given."),
                nameof(labels));
    }

    /// <exception cref="NotSupportedException">The labels are the steps.</exception>
    public override ReadOnlySpan<float> Of(int row) => throw new NotSupportedException("The steps themselves are the labels.");

    public override double Count(int row, StepRange steps, float[]? classWeights) => steps.StepsOf(Data.Length(row));

    public override void Place(SequenceBatch batch, int k, int row, int firstStep, double share, float[]? classWeights,
        TargetBatch to)
    {
        Span<float> labels = to.Labels, weights = to.Weights;
        ReadOnlySpan<uint> tokens = Data.Inputs.AreTokens ? Data.NextTokens(row, firstStep, batch.Length(k)) : [];
        ReadOnlySpan<float> frames = Data.Inputs.AreFrames ? Data.NextFrames(row, firstStep, batch.Length(k)) : [];
        for (int t = 0; t < batch.Length(k); t++)
        {
            int place = batch.Offset(t) + k;
            weights[place] = (float)share;
            if (Data.Inputs.AreTokens)
                labels[place] = KeyOf(tokens[t]);
            else
                frames.Slice(t * Size, Size).CopyTo(labels.Slice(place * Size, Size));
        }
    }

    /// <summary>Visits the key of each token; the numbers of frames, one after the other.</summary>
    public override void Visit(int row, Action<float> visit)
    {
        if (Data.Inputs.AreTokens)
            foreach (uint token in Data.NextTokens(row))
                visit(KeyOf(token));
        else
            foreach (float number in Data.NextFrames(row))
                visit(number);
    }

    public override void AppendTo(IncrementalHash hash) { }

    public override void Clear() { }

    public override void Dispose() { }

    /// <summary>Keys beyond the vocabulary are unknown, 0.</summary>
    private uint KeyOf(uint token) => token <= (uint)Data.Inputs[0].Size ? token : 0;
}
