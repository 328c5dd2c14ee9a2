using System.Globalization;
using System.Text;

namespace SequenceModels;

/// <summary>How well the tokens of sequences are tagged: the figures of conlleval and of seqeval's default mode.</summary>
/// <remarks>
/// <para>
/// A predicted span counts as right where the labels have one of the same type over the same tokens. Sequences that break the
/// scheme have spans too: an I or E begins one where no B or I of its type stands before it. Where no scheme was recognised there
/// are no spans, and their figures are null: token figures alone are given.
/// </para>
/// <para>
/// A label that the predictions do not know counts as missed: its token is wrong, and so is its span. A missing key (0) is such a
/// label, for that is what a tag becomes that MapValueToKey has not seen; neighbours without a key count as one missed span. Left
/// out are the slots that PadSequence filled up, and empty texts where the labels are a column of text.
/// </para>
/// <para>Tjong Kim Sang and Buchholz, "Introduction to the CoNLL-2000 Shared Task: Chunking", 2000.</para>
/// </remarks>
public sealed class TaggingMetrics
{
    private readonly TagTypeMetrics? _all; // null: there is no scheme

    internal TaggingMetrics(TaggingScheme scheme, Tagging.TaggedTokens tokens, IReadOnlyList<TagTypeMetrics> perType,
        long missedSpans)
    {
        Scheme = scheme;
        NumberOfTokens = tokens.Labelled;
        NumberOfUnknownLabels = tokens.Unknown;
        Accuracy = (double)tokens.Right / tokens.Labelled;
        PerType = perType;
        _all = scheme == TaggingScheme.None ? null : new TagTypeMetrics("", perType.Sum(type => type.NumberOfSpans) + missedSpans,
            perType.Sum(type => type.NumberOfPredictedSpans), perType.Sum(type => type.NumberOfRightSpans));
    }

    /// <summary>How tags make up spans, as their names tell.</summary>
    public TaggingScheme Scheme { get; }

    /// <summary>Tokens that have a label, whether or not it is known.</summary>
    public long NumberOfTokens { get; }

    /// <summary>
    /// Tokens whose label is missing, or is none that could have been predicted. They count as missed; 0 is best.
    /// </summary>
    public long NumberOfUnknownLabels { get; }

    /// <summary>Share of the tokens whose tag is predicted, O included.</summary>
    public double Accuracy { get; }

    /// <summary>Spans that the labels have, those of unknown labels included; null without a scheme.</summary>
    public long? NumberOfSpans => _all?.NumberOfSpans;

    /// <summary>Spans that the predictions have; null without a scheme.</summary>
    public long? NumberOfPredictedSpans => _all?.NumberOfPredictedSpans;

    /// <summary>
    /// Share of the predicted spans, of whatever type, that are right; 0 where there are none. Null without a scheme.
    /// </summary>
    public double? Precision => _all?.Precision;

    /// <summary>
    /// Share of the labels' spans, of whatever type, that are predicted; 0 where there are none. Null without a scheme.
    /// </summary>
    public double? Recall => _all?.Recall;

    /// <summary>
    /// Harmonic mean of <see cref="Precision"/> and <see cref="Recall"/> (micro-averaged F1); 0 where both are 0. Null without a
    /// scheme.
    /// </summary>
    public double? F1Score => _all?.F1Score;

    /// <summary>
    /// The same for each type that occurs, in the order of the type's name; empty without a scheme. Spans of missing labels have
    /// no type, and are in none of them.
    /// </summary>
    public IReadOnlyList<TagTypeMetrics> PerType { get; }

    /// <summary>The figures as a table, in the manner of conlleval.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        string unknown = NumberOfUnknownLabels == 0 ? ""
            : $", {Counted.Of(NumberOfUnknownLabels, "of an unknown label", "of unknown labels")}";
        if (_all is null)
            return Invariant($"{Counted.Of(NumberOfTokens, "token")}{unknown}\naccuracy {Accuracy:P2}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"{Counted.Of(NumberOfTokens, "token")}{unknown}, {Counted.Of(_all.NumberOfSpans, "span")}; ")
            .Append(CultureInfo.InvariantCulture, $"{NumberOfPredictedSpans} predicted, ")
            .Append(CultureInfo.InvariantCulture, $"{_all.NumberOfRightSpans} of them right\n")
            .Append(CultureInfo.InvariantCulture,
            $"accuracy {Accuracy:P2}; precision {Precision:P2}, recall {Recall:P2}, F1 {F1Score:P2}\n");
        int width = PerType.Select(type => type.Type.Length).DefaultIfEmpty().Max();
        foreach (TagTypeMetrics type in PerType)
            text.Append(CultureInfo.InvariantCulture,
                $"{type.Type.PadLeft(width + 2)}: precision {type.Precision:P2}, recall {type.Recall:P2}, ")
                .Append(CultureInfo.InvariantCulture, $"F1 {type.F1Score:P2}, support {type.NumberOfSpans}\n");
        return text.ToString();
    }
}

/// <summary>How well spans of one type are found.</summary>
public sealed class TagTypeMetrics
{
    internal TagTypeMetrics(string type, long spans, long predicted, long right) =>
        (Type, NumberOfSpans, NumberOfPredictedSpans, NumberOfRightSpans) = (type, spans, predicted, right);

    /// <summary>The type, such as PER of B-PER; "_" where the tags give none (B, I, O).</summary>
    public string Type { get; }

    /// <summary>Spans that the labels have: the type's support.</summary>
    public long NumberOfSpans { get; }

    /// <summary>Spans that the predictions have.</summary>
    public long NumberOfPredictedSpans { get; }

    /// <summary>Predicted spans that the labels have too.</summary>
    public long NumberOfRightSpans { get; }

    /// <summary>Share of the predicted spans that are right; 0 where there are none.</summary>
    public double Precision => NumberOfPredictedSpans == 0 ? 0 : (double)NumberOfRightSpans / NumberOfPredictedSpans;

    /// <summary>Share of the labels' spans that are predicted; 0 where there are none.</summary>
    public double Recall => NumberOfSpans == 0 ? 0 : (double)NumberOfRightSpans / NumberOfSpans;

    /// <summary>Harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>; 0 where both are 0.</summary>
    public double F1Score => NumberOfRightSpans == 0 ? 0 : 2.0 * NumberOfRightSpans / (NumberOfSpans + NumberOfPredictedSpans);
}
