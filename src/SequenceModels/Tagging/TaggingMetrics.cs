using System.Globalization;
using System.Text;

namespace SequenceModels;

/// <summary>How well the tokens of sequences are tagged: the figures of conlleval and of seqeval's default mode.</summary>
/// <remarks>
/// <para>
/// A predicted span counts as right where the labels have one of the same type over the same tokens. Sequences that break the scheme have
/// spans too: an I or E begins one where no B or I of its type stands before it. Without a scheme each token is a span, and its tag the type.
/// </para>
/// <para>Tjong Kim Sang and Buchholz, "Introduction to the CoNLL-2000 Shared Task: Chunking", 2000.</para>
/// </remarks>
public sealed class TaggingMetrics
{
    internal TaggingMetrics(TaggingScheme scheme, long tokens, long rightTokens, IReadOnlyList<TagTypeMetrics> perType)
    {
        Scheme = scheme;
        NumberOfTokens = tokens;
        Accuracy = (double)rightTokens / tokens;
        PerType = perType;
        All = new TagTypeMetrics("", perType.Sum(type => type.NumberOfSpans), perType.Sum(type => type.NumberOfPredictedSpans),
            perType.Sum(type => type.NumberOfRightSpans));
    }

    /// <summary>How tags make up spans, as their names tell.</summary>
    public TaggingScheme Scheme { get; }

    /// <summary>Tokens that have a label.</summary>
    public long NumberOfTokens { get; }

    /// <summary>Share of the labelled tokens whose tag is predicted, O included.</summary>
    public double Accuracy { get; }

    /// <summary>Spans that the labels have.</summary>
    public long NumberOfSpans => All.NumberOfSpans;

    /// <summary>Spans that the predictions have.</summary>
    public long NumberOfPredictedSpans => All.NumberOfPredictedSpans;

    /// <summary>Share of the predicted spans, of whatever type, that are right; 0 where there are none.</summary>
    public double Precision => All.Precision;

    /// <summary>Share of the labels' spans, of whatever type, that are predicted; 0 where there are none.</summary>
    public double Recall => All.Recall;

    /// <summary>Harmonic mean of <see cref="Precision"/> and <see cref="Recall"/> (micro-averaged F1); 0 where both are 0.</summary>
    public double F1Score => All.F1Score;

    /// <summary>The same for each type that occurs, in the order of the type's name.</summary>
    public IReadOnlyList<TagTypeMetrics> PerType { get; }

    private TagTypeMetrics All { get; }

    /// <summary>The figures as a table, in the manner of conlleval.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{NumberOfTokens} tokens, {NumberOfSpans} spans; {NumberOfPredictedSpans} predicted, ")
            .Append(CultureInfo.InvariantCulture, $"{All.NumberOfRightSpans} of them right\n")
            .Append(CultureInfo.InvariantCulture, $"accuracy {Accuracy:P2}; precision {Precision:P2}, recall {Recall:P2}, F1 {F1Score:P2}\n");
        int width = PerType.Select(type => type.Type.Length).DefaultIfEmpty().Max();
        foreach (TagTypeMetrics type in PerType)
            text.Append(CultureInfo.InvariantCulture, $"{type.Type.PadLeft(width + 2)}: precision {type.Precision:P2}, recall {type.Recall:P2}, ")
                .Append(CultureInfo.InvariantCulture, $"F1 {type.F1Score:P2}, support {type.NumberOfSpans}\n");
        return text.ToString();
    }
}

/// <summary>How well spans of one type are found; without a scheme, tokens of one tag.</summary>
public sealed class TagTypeMetrics
{
    internal TagTypeMetrics(string type, long spans, long predicted, long right) =>
        (Type, NumberOfSpans, NumberOfPredictedSpans, NumberOfRightSpans) = (type, spans, predicted, right);

    /// <summary>The type, such as PER of B-PER; "_" where the tags give none (B, I, O); without a scheme, the tag.</summary>
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
