using SequenceModels.Heads;

namespace SequenceModels.Tagging;

/// <summary>
/// Which order of tags the rows keep to: that of their scheme, or where the tags are those of BIO and the rows break it, that of
/// IOB1, which has the same tags.
/// </summary>
/// <param name="labelName">The label column.</param>
/// <param name="scheme">Of the tags' names.</param>
internal sealed class TagRules(string labelName, TagScheme scheme)
{
    private readonly Reading[] _readings =
        [.. new[] { scheme, scheme.AsIob1() }.OfType<TagScheme>().Select(each => new Reading(each))];

    /// <summary>What all rows so far keep to; null: to nothing, or nothing is asked of them.</summary>
    public CrfConstraints? Constraints => Array.Find(_readings, reading => reading.Violation is null)?.Constraints;

    /// <summary>In words, the first sequence that breaks the scheme, where no reading of the tags is left; else null.</summary>
    public string? Violation => Array.TrueForAll(_readings, reading => reading.Violation is not null) ? _readings[0].Violation
        : null;

    /// <summary>In words, the first sequence that breaks certain constraints; null: none does.</summary>
    public string? ViolationOf(CrfConstraints constraints) =>
        Array.Find(_readings, reading => constraints.Equals(reading.Constraints))?.Violation;

    /// <summary>Looks at the tags of a row, from 0.</summary>
    /// <param name="labels">[T].</param>
    /// <param name="row">Its place.</param>
    /// <param name="kind">Of the data.</param>
    public void Observe(ReadOnlySpan<float> labels, long row, string kind)
    {
        foreach (Reading reading in _readings)
            if (reading.Violation is null && reading.Constraints?.FindViolation(labels) is { } violation)
                reading.Violation = Invariant($"Column '{labelName}', row {row} of the {kind} data (counted from 0): ") +
                    Invariant($"{reading.Scheme.Describe(violation)}");
    }

    private sealed class Reading(TagScheme scheme)
    {
        public TagScheme Scheme => scheme;

        public CrfConstraints? Constraints { get; } = scheme.Constraints();

        public string? Violation { get; set; }
    }
}
