namespace SequenceModels.Sequences;

/// <summary>The steps of each sequence that a batch is made of.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Count">How many at most.</param>
internal readonly record struct StepRange(int First, int Count)
{
    public static StepRange All => new(0, int.MaxValue);

    /// <summary>How many of a sequence's steps are in the range.</summary>
    public int StepsOf(int length) => Math.Clamp(length - First, 0, Count);
}
