namespace SequenceModels;

/// <summary>Where a token is said in a sequence of steps.</summary>
/// <param name="FirstStep">The first step that says it, counted from 0.</param>
/// <param name="NumberOfSteps">
/// How many steps say it, at least 1. A network that learned by connectionist temporal classification mostly says a token in one
/// or two steps, at about the end of its sound, and the blank in those between: these are no bounds of sounds.
/// </param>
public readonly record struct TokenTime(int FirstStep, int NumberOfSteps)
{
    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => Invariant($"{FirstStep} + {NumberOfSteps}");
}
