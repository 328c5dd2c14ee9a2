using SequenceModels.Sequences;

namespace SequenceModels.Tests.Reference;

/// <summary>
/// A further feature of a row's steps: tokens [T], or frames [T · F], or for each step the characters of a word.
/// </summary>
internal sealed record FeatureValues(uint[]? Tokens = null, float[]? Frames = null, uint[][]? Words = null)
{
    public void AddTo(SequenceDataset data, int feature)
    {
        if (Tokens is not null)
            data.Set(feature, Tokens);
        else if (Frames is not null)
            data.Set(feature, Frames);
        else
            data.Set(feature, Words!.Select(word => data.WordOf(feature, word)).ToArray());
    }
}
