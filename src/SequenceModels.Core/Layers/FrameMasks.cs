using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>How much of the frames of a sequence training hides at a time.</summary>
/// <param name="TimeMasks">Runs of steps.</param>
/// <param name="MostSteps">Of each, at most.</param>
/// <param name="FrequencyMasks">Runs of numbers, the same at all steps.</param>
/// <param name="MostNumbers">Of each, at most.</param>
internal readonly record struct FrameMasks(int TimeMasks, int MostSteps, int FrequencyMasks, int MostNumbers)
{
    public override string ToString() => Invariant($"{TimeMasks} x {MostSteps}, {FrequencyMasks} x {MostNumbers}");
}

/// <summary>
/// Hides runs of steps and of numbers of the frames that a batch learns from: they become 0, which is the mean of scaled frames.
/// What is hidden is a function of (seed, update, sequence), so it is the same on any number of threads.
/// </summary>
/// <remarks>
/// Park et al., "SpecAugment: A Simple Data Augmentation Method for Automatic Speech Recognition", Interspeech 2019: each run is
/// of 0 to so many, all equally likely, and so is its place.
/// </remarks>
internal readonly record struct FrameMasking(FrameMasks Masks, int Seed, long Update)
{
    /// <summary>Apart from those of the initial weights, the epochs, the validation rows and dropout.</summary>
    private const ulong Purpose = 1UL << 62;

    /// <summary>Hides them; nothing of steps that are no frames.</summary>
    public unsafe void Apply(SequenceBatch batch)
    {
        if (Masks.TimeMasks == 0 && Masks.FrequencyMasks == 0)
            return;
        for (int i = 0; i < batch.Features.Length; i++)
            if (batch.Features[i] is { IsFrames: true } frames)
                for (int k = 0; k < batch.Count && batch.Length(k) > 0; k++)
                    Apply(batch, k, frames.Frames.Data, frames.FrameSize, i);
    }

    private unsafe void Apply(SequenceBatch batch, int k, float* frames, int size, int feature)
    {
        ulong key = RandomStream.Mix(((ulong)(uint)Seed << 32) + (ulong)Update);
        var random = new RandomStream(RandomStream.Mix(key + Purpose + ((ulong)feature << 48) + (uint)batch.Number(k)));
        int steps = batch.Length(k);
        for (int i = 0; i < Masks.TimeMasks; i++)
        {
            (int first, int count) = Draw(ref random, Masks.MostSteps, steps);
            for (int t = first; t < first + count; t++)
                new Span<float>(frames + (long)(batch.Offset(t) + k) * size, size).Clear();
        }
        for (int i = 0; i < Masks.FrequencyMasks; i++)
        {
            (int first, int count) = Draw(ref random, Masks.MostNumbers, size);
            for (int t = 0; t < steps; t++)
                new Span<float>(frames + (long)(batch.Offset(t) + k) * size + first, count).Clear();
        }
    }

    private static (int First, int Count) Draw(ref RandomStream random, int most, int of)
    {
        int count = random.Next(Math.Min(most, of) + 1);
        return (random.Next(of - count + 1), count);
    }
}
