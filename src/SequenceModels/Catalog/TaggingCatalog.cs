using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Tagging;

namespace SequenceModels;

/// <summary>Tagging: a class for each token of a sequence, such as parts of speech or the names in a text; had from
/// <c>mlContext.Sequences().Tagging</c>.</summary>
public sealed class TaggingCatalog
{
    private readonly IHostEnvironment _environment;

    internal TaggingCatalog(IHostEnvironment environment)
    {
        _environment = environment;
        Trainers = new TaggingTrainers(environment);
    }

    /// <summary>The trainers.</summary>
    public TaggingTrainers Trainers { get; }

    /// <summary>Compares predicted tags with the labels, token by token and span by span, as conlleval and seqeval do.</summary>
    /// <param name="data">Rows with both columns; read once, or twice where the labels are texts.</param>
    /// <param name="labelColumnName">
    /// The tags: a vector of keys (byte, ushort or uint) whose KeyValues are of any type, or a vector of text. A missing key
    /// (0), which is what becomes of a tag that MapValueToKey has not seen, counts as a label that was missed; empty texts are
    /// left out.
    /// </param>
    /// <param name="predictedLabelColumnName">
    /// The same of the predictions, one for each label. Its keys may be in another order.
    /// </param>
    /// <returns>
    /// Accuracy of tokens; precision, recall and F1 of spans, in all and by type. The names of the tags tell how they make up
    /// spans (<see cref="TaggingScheme"/>); without such names there are token figures alone. A warning names tags that are of
    /// no scheme beside others that are, and tells how many labels are not known.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing, or holds no tags; or only one of them has KeyValues.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A row has not as many predictions as labels, or no token has a label.
    /// </exception>
    public TaggingMetrics Evaluate(IDataView data, string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictedLabelColumnName);
        using IChannel channel = _environment.Register(nameof(TaggingCatalog)).Start(nameof(Evaluate));
        return TaggingEvaluation.Evaluate(data, labelColumnName, predictedLabelColumnName, channel);
    }

    /// <summary>Gives the spans that tags mark in a text: what each says, of what type it is, and where it stands.</summary>
    /// <param name="outputColumnName">
    /// The texts of the spans in their order: a vector of text of variable length. Three more columns of the same length are
    /// called by this name and more: Type (text, such as PER of B-PER and I-PER), Start and Length (Int32, in UTF-16 units of
    /// the text, so that <c>text.Substring(start, length)</c> is the span).
    /// </param>
    /// <param name="tagColumnName">
    /// A tag for each token, such as PredictedLabel: a vector of keys (byte, ushort or uint). The names of the tags, their
    /// KeyValues, tell how they make up spans (<see cref="TaggingScheme"/>); without such names each token is a span, but for
    /// those tagged O. A missing tag is outside of all.
    /// </param>
    /// <param name="offsetsColumnName">
    /// Where each token stands in the text: a vector of Int32 of dimensions [*, 2], start and length of each token, as
    /// TokenizeIntoSequence gives them.
    /// </param>
    /// <param name="textColumnName">The text.</param>
    public SpanExtractingEstimator ExtractSpans(string outputColumnName, string tagColumnName, string offsetsColumnName,
        string textColumnName) =>
        new(_environment, outputColumnName, tagColumnName, offsetsColumnName, textColumnName);
}
