namespace SequenceModels;

/// <summary>
/// How a <see cref="SequenceTranscriber"/> looks for what was said. Immutable; change a copy with <c>with</c>. What is null is as
/// the model was trained to (<c>TranscriptionOptions</c>).
/// </summary>
public sealed record TranscribingOptions
{
    /// <summary>
    /// Hypotheses that are kept at each step, 1 to 1,000. 1: the likeliest output of each step, without a language model.
    /// Default null.
    /// </summary>
    public int? BeamSize { get; init; }

    /// <summary>How many answers are wanted, 1 to the size of the beam; fewer may be found. Default 1.</summary>
    public int NumberOfAnswers { get; init; } = 1;

    /// <summary>What the logarithm of the language model's probabilities counts, at least 0. Default null.</summary>
    public float? LanguageModelWeight { get; init; }

    /// <summary>What is added for each token. Default null.</summary>
    public float? LengthBonus { get; init; }

    /// <summary>Asked before each step of a beam. Default: never cancelled.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Throws if any value is out of its range, naming the option, the value and the range.</summary>
    /// <param name="beamSize">Of the model.</param>
    internal void Validate(int beamSize)
    {
        int size = BeamSize ?? beamSize;
        Require(size is >= 1 and <= 1_000, nameof(BeamSize), size, "between 1 and 1000 (1 = the likeliest output of each step)");
        Require(NumberOfAnswers >= 1 && NumberOfAnswers <= size, nameof(NumberOfAnswers), NumberOfAnswers,
            Invariant($"between 1 and the size of the beam, {size}"));
        Require(LanguageModelWeight is null || (LanguageModelWeight >= 0 && float.IsFinite(LanguageModelWeight.Value)),
            nameof(LanguageModelWeight), LanguageModelWeight, "at least 0 (0 = it is not asked)");
        Require(float.IsFinite(LengthBonus ?? 0), nameof(LengthBonus), LengthBonus, "a finite number (0 = none)");
    }

    private static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, InvariantText.Of(value),
                $"{nameof(TranscribingOptions)}.{name} must be {expected}.");
    }

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(TranscribingOptions), PrintMembers);
}
