using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Tests.Reference;

/// <summary>A training row: tokens [T], or frames [T · F] step after step; one label, or one for each step.</summary>
internal sealed record Example(uint[]? Tokens, float[]? Frames, float Label, float Weight = 1)
{
    public float[]? StepLabels { get; init; }

    /// <summary>[L] of the whole sequence, where it has several; NaN where one is not known.</summary>
    public float[]? Labels { get; init; }

    /// <summary>What the steps have beside that.</summary>
    public FeatureValues[] Features { get; init; } = [];

    /// <summary>[F] what the row has beside its steps.</summary>
    public float[] RowFeatures { get; init; } = [];

    /// <summary>What a data set of such examples has for labels.</summary>
    public Func<SequenceDataset, Targets> Targets => data => StepLabels is not null ? new StepTargets(data)
        : new RowTargets(data, Labels?.Length ?? 1);

    /// <summary>An empty data set for such examples.</summary>
    public SequenceDataset NewDataset(NetworkShape spec, long memory = long.MaxValue) =>
        new(spec.Inputs, memory, targets: spec.Head == HeadKind.Ctc ? data => new TranscriptionTargets(data) : Targets,
            rowFeatureSize: spec.RowFeatureSize);

    public void AddTo(SequenceDataset data)
    {
        for (int i = 0; i < Features.Length; i++)
            Features[i].AddTo(data, i + 1);
        if (RowFeatures.Length > 0)
            data.RowFeatures.Set(RowFeatures);
        float[] labels = StepLabels ?? Labels ?? [Label];
        if (Tokens is not null)
            data.Add(Tokens, labels, Weight);
        else
            data.Add(Frames, labels, Weight);
    }
}
