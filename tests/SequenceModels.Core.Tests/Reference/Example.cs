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

    public void AddTo(SequenceDataset data)
    {
        for (int i = 0; i < Features.Length; i++)
            Features[i].AddTo(data, i);
        if (Labels is not null)
            data.AddWithLabels(Frames, Labels, Weight);
        else if (StepLabels is not null && Tokens is not null)
            data.Add(Tokens, StepLabels, Weight);
        else if (StepLabels is not null)
            data.Add(Frames, StepLabels, Weight);
        else if (Tokens is not null)
            data.Add(Tokens, Label, Weight);
        else
            data.Add(Frames, Label, Weight);
    }
}
