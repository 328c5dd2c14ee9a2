using SequenceModels.Sequences;

namespace SequenceModels.Tests.Reference;

/// <summary>A training row: tokens [T], or frames [T · F] step after step.</summary>
internal sealed record Example(uint[]? Tokens, float[]? Frames, float Label, float Weight = 1)
{
    public void AddTo(SequenceDataset data)
    {
        if (Tokens is not null)
            data.Add(Tokens, Label, Weight);
        else
            data.Add(Frames, Label, Weight);
    }
}
