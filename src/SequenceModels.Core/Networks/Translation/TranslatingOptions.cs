namespace SequenceModels;

/// <summary>
/// How a <see cref="Translator"/> looks for translations. Immutable; change a copy with <c>with</c>. What is null is as the
/// model was trained to (<see cref="TranslationOptions"/>).
/// </summary>
public sealed record TranslatingOptions
{
    /// <summary>Hypotheses that are kept at each step, 1 to 1,000. 1: the likeliest token each time. Default null.</summary>
    public int? BeamSize { get; init; }

    /// <summary>How many translations are wanted, 1 to the size of the beam; fewer may be found. Default 1.</summary>
    public int NumberOfAnswers { get; init; } = 1;

    /// <summary>α of <see cref="TranslationOptions.LengthPenalty"/>, at least 0. Default null.</summary>
    public float? LengthPenalty { get; init; }

    /// <summary>β of <see cref="TranslationOptions.CoveragePenalty"/>, at least 0. Default null.</summary>
    public float? CoveragePenalty { get; init; }

    /// <summary>Tokens that a translation has at most; 0: by the length of the source. Default null.</summary>
    public int? MaximumLength { get; init; }

    /// <summary>As <see cref="TranslationOptions.ReplaceUnknown"/>; only with attention. Default null.</summary>
    public bool? ReplaceUnknown { get; init; }

    /// <summary>Asked before each step. Default: never cancelled.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Throws if any value is out of its range, naming the option, the value and the range.</summary>
    /// <param name="beamSize">Of the model.</param>
    /// <param name="attends">Whether the model has attention.</param>
    internal void Validate(int beamSize, bool attends)
    {
        int size = BeamSize ?? beamSize;
        Require(size is >= 1 and <= 1_000, nameof(BeamSize), size, "between 1 and 1000 (1 = the likeliest token each time)");
        Require(NumberOfAnswers >= 1 && NumberOfAnswers <= size, nameof(NumberOfAnswers), NumberOfAnswers,
            Invariant($"between 1 and the size of the beam, {size}"));
        Require(LengthPenalty is null || (LengthPenalty >= 0 && float.IsFinite(LengthPenalty.Value)), nameof(LengthPenalty),
            LengthPenalty, "at least 0 (0 = no penalty)");
        Require(CoveragePenalty is null || (CoveragePenalty >= 0 && float.IsFinite(CoveragePenalty.Value)),
            nameof(CoveragePenalty),
            CoveragePenalty, "at least 0 (0 = no penalty)");
        Require(MaximumLength is null or >= 0, nameof(MaximumLength), MaximumLength,
            "at least 0 (0 = by the length of the source)");
        Require(ReplaceUnknown != true || attends, nameof(ReplaceUnknown), ReplaceUnknown,
            "false or null for a model without attention, which cannot say what an unknown token stands for");
    }

    private static void Require(bool holds, string name, object? value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, InvariantText.Of(value),
                $"{nameof(TranslatingOptions)}.{name} must be {expected}.");
    }

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(TranslatingOptions), PrintMembers);
}
