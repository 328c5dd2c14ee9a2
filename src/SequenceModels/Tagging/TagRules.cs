using Microsoft.ML.Runtime;
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

    /// <summary>What may be asked of the order of a label's tags; null: nothing.</summary>
    /// <param name="label">The tags.</param>
    /// <param name="options">Whether there is an order to be learned.</param>
    /// <param name="initial">A model to go on from, with its own rules; null: none.</param>
    /// <param name="channel">Told of tags that are of no scheme.</param>
    /// <exception cref="ArgumentException">The initial model has rules, but the tags of the rows have no names.</exception>
    public static TagRules? For(LearnedTags label, TaggingOptions options, SequenceModelParameters? initial, IChannel channel)
    {
        if (options.TagDecoding != TagDecoding.Crf)
            return null;
        if (label.Names is not { } names)
            return initial?.Network.Spec.Output.Constraints is null ? null
                : throw new ArgumentException("The initial model has " +
                $"rules for the order of tags, made from their names, but column '{label.Column}' has no names of its classes " +
                "(KeyValues). Map the labels with the transform that was fitted for the initial model.", nameof(initial));
        var scheme = TagScheme.Of(names);
        if (scheme.Doubt is { } doubt)
            channel.Warning(MessageSensitivity.None, "Column '{0}': {1}.", label.Column, doubt);
        return new TagRules(label.Column, scheme);
    }

    /// <summary>
    /// The constraints that a network is trained with, once all rows were observed. A CRF can learn tags which break their own
    /// scheme, as those of real data may.
    /// </summary>
    /// <param name="initial">A model to go on from, whose constraints are kept; null: none.</param>
    /// <param name="channel">Told where the rows keep to no scheme.</param>
    /// <exception cref="ArgumentException">Rows break the constraints of the initial model.</exception>
    public CrfConstraints? ConstraintsFor(SequenceModelParameters? initial, IChannel channel)
    {
        if (initial is not null)
        {
            CrfConstraints? constraints = initial.Network.Spec.Output.Constraints;
            return constraints is null || ViolationOf(constraints) is not { } broken ? constraints : throw new ArgumentException(
                $"{broken}. The initial model excludes such sequences of tags: correct the tags, or train a new model.",
                    nameof(initial));
        }
        if (Violation is { } violation)
            channel.Warning(MessageSensitivity.None, "{0}. So tags are learned without the rules of their scheme, and such " +
                "sequences may be predicted.",
                violation);
        return Constraints;
    }

    /// <summary>What all rows so far keep to; null: to nothing, or nothing is asked of them.</summary>
    public CrfConstraints? Constraints => Array.Find(_readings, reading => reading.Violation is null)?.Constraints;

    /// <summary>In words, the first sequence that breaks the scheme, where no reading of the tags is left; else null.</summary>
    private string? Violation =>
        Array.TrueForAll(_readings, reading => reading.Violation is not null) ? _readings[0].Violation : null;

    /// <summary>In words, the first sequence that breaks certain constraints; null: none does.</summary>
    private string? ViolationOf(CrfConstraints constraints) =>
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
                    reading.Scheme.Describe(violation);
    }

    private sealed class Reading(TagScheme scheme)
    {
        public TagScheme Scheme => scheme;

        public CrfConstraints? Constraints { get; } = scheme.Constraints();

        public string? Violation { get; set; }
    }
}
