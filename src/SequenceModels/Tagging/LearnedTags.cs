using SequenceModels.Columns;
using SequenceModels.Trainers;

namespace SequenceModels.Tagging;

/// <summary>The tags that a network learns from a label column.</summary>
/// <param name="Column">The label column.</param>
/// <param name="Count">How many.</param>
/// <param name="Names">What they are called; null: they have no names.</param>
/// <param name="Bioes">What they are of the label's tags; null: these themselves.</param>
internal sealed record LearnedTags(string Column, int Count, IReadOnlyList<string>? Names, BioesTags? Bioes)
{
    /// <summary>Those that an encoding makes of the label's.</summary>
    /// <exception cref="ArgumentException">The label's tags are none that could be encoded like this.</exception>
    public static LearnedTags Of(LabelClasses label, TaggingOptions options)
    {
        if (options.TagEncoding == TagEncoding.AsGiven)
            return new LearnedTags(label.Column, label.Count, label.Names is { } names ? TextsOf(names) : null, null);
        string what = label.Names is null ? "has no names of its tags (KeyValues)"
            : Invariant($"has tags of the scheme {Scheme(label.Names).Kind}");
        return label.Names is { } given && Scheme(given).AsBioes() is { } bioes
            ? new LearnedTags(label.Column, bioes.Count, bioes.Names, bioes)
            : throw new ArgumentException($"{options.NameOf(nameof(options.TagEncoding))} is {TagEncoding.Bioes}, which is for " +
                $"tags in BIO (B-PER, I-PER, O), but column '{label.Column}' {what}. Set it to {TagEncoding.AsGiven}.");
    }

    /// <summary>The scheme of classes by their names.</summary>
    public static TagScheme Scheme(ClassNames names) => TagScheme.Of(TextsOf(names));

    private static string[] TextsOf(ClassNames names) => [.. Enumerable.Range(0, names.Count).Select(names.TextOf)];
}
