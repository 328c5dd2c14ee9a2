using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Tagging;

/// <summary>Against what conlleval and seqeval give, worked out by hand.</summary>
public class TaggingEvaluationTests
{
    private const string Conll = "O B-PER I-PER B-LOC I-LOC B-ORG I-ORG B-MISC I-MISC";

    /// <summary>The example of seqeval's readme: f1_score 0.50, accuracy_score 0.80; MISC 0.00, PER 1.00, support 1 each.</summary>
    [Fact]
    public void The_readme_of_seqeval()
    {
        TaggingMetrics metrics = Evaluate(Conll, ["O O O B-MISC I-MISC I-MISC O", "B-PER I-PER O"], ["O O B-MISC I-MISC I-MISC I-MISC O", "B-PER I-PER O"]);
        Assert.Equal((TaggingScheme.Bio, 10, 2, 2), (metrics.Scheme, metrics.NumberOfTokens, metrics.NumberOfSpans, metrics.NumberOfPredictedSpans));
        Assert.Equal((0.8, 0.5, 0.5, 0.5), (metrics.Accuracy, metrics.Precision, metrics.Recall, metrics.F1Score));
        Assert.Equal([("MISC", 1L, 1L, 0L, 0.0), ("PER", 1, 1, 1, 1)], PerType(metrics));
    }

    /// <summary>
    /// Labels: PER 0-1, LOC 3, ORG 5-7. Predicted: PER 0-1 (right), ORG 3 (wrong type), ORG 5-6 and ORG 7 (wrong bounds). conlleval:
    /// accuracy 6/8, precision 1/4, recall 1/3, FB1 2/7.
    /// </summary>
    [Fact]
    public void Wrong_types_and_wrong_bounds()
    {
        TaggingMetrics metrics = Evaluate(Conll, ["B-PER I-PER O B-LOC O B-ORG I-ORG I-ORG"], ["B-PER I-PER O B-ORG O B-ORG I-ORG B-ORG"]);
        Assert.Equal((0.75, 0.25), (metrics.Accuracy, metrics.Precision));
        Assert.Equal(1.0 / 3, metrics.Recall, 1e-15);
        Assert.Equal(2.0 / 7, metrics.F1Score, 1e-15);
        Assert.Equal([("LOC", 1L, 0L, 0L, 0.0), ("ORG", 1, 3, 0, 0), ("PER", 1, 1, 1, 1)], PerType(metrics));
    }

    /// <summary>
    /// An I after O, or after another type, begins a span: predicted are PER 1-2 and LOC 3, as the labels have it, though their tokens
    /// differ. A span never reaches into the next sequence.
    /// </summary>
    [Fact]
    public void Malformed_sequences_have_spans_too()
    {
        TaggingMetrics metrics = Evaluate(Conll, ["O B-PER I-PER B-LOC", "I-PER"], ["O I-PER I-PER I-LOC", "B-PER"]);
        Assert.Equal((3, 3, 1.0), (metrics.NumberOfSpans, metrics.NumberOfPredictedSpans, metrics.F1Score));
        Assert.Equal(0.4, metrics.Accuracy);
        Assert.Equal(2, Evaluate(Conll, ["B-PER", "I-PER"], ["O", "O"]).NumberOfSpans);
    }

    [Fact]
    public void Schemes_BIOES_and_IO()
    {
        TaggingMetrics bioes = Evaluate("O B-A I-A E-A S-A", ["B-A I-A E-A O S-A"], ["B-A E-A S-A O S-A"]);
        Assert.Equal((TaggingScheme.Bioes, 2, 3, 1.0 / 3, 0.5), (bioes.Scheme, bioes.NumberOfSpans, bioes.NumberOfPredictedSpans, bioes.Precision, bioes.Recall));
        TaggingMetrics io = Evaluate("O I-A I-B", ["I-A I-A O I-B"], ["I-A I-A I-B I-B"]);
        Assert.Equal((TaggingScheme.IO, 2, 2, 0.5, 0.75), (io.Scheme, io.NumberOfSpans, io.NumberOfPredictedSpans, io.Precision, io.Accuracy));
    }

    [Fact]
    public void Without_a_scheme_tags_are_compared_token_by_token()
    {
        TaggingMetrics metrics = Evaluate("NN VB DT", ["DT NN VB NN"], ["DT NN NN NN"]);
        Assert.Equal((TaggingScheme.None, 0.75, 0.75, 4), (metrics.Scheme, metrics.Accuracy, metrics.F1Score, metrics.NumberOfSpans));
        Assert.Equal([("DT", 1L, 1L, 1L, 1.0), ("NN", 2, 3, 2, 0.8), ("VB", 1, 0, 0, 0)], PerType(metrics));
    }

    /// <summary>A token without a label is left out, of spans too; one without a prediction is wrong, and outside.</summary>
    [Fact]
    public void Missing_labels_are_skipped_and_missing_predictions_are_wrong()
    {
        TaggingMetrics metrics = Evaluate(Conll, ["B-PER ? I-PER O B-LOC", "? ?"], ["B-PER O I-PER O ?", "B-PER O"]);
        Assert.Equal((4, 0.75, 2, 1, 1.0, 0.5), (metrics.NumberOfTokens, metrics.Accuracy, metrics.NumberOfSpans, metrics.NumberOfPredictedSpans, metrics.Precision, metrics.Recall));
    }

    [Fact]
    public void Keys_may_be_in_another_order_and_stand_for_other_tags()
    {
        TaggingMetrics metrics = Evaluate(new TestView(TestColumn.Tags("Label", "O B-PER I-PER", "B-PER I-PER O"),
            TestColumn.Tags("PredictedLabel", "I-PER B-LOC O B-PER", "B-PER I-PER B-LOC")));
        Assert.Equal((1, 2, 1.0, 0.5), (metrics.NumberOfSpans, metrics.NumberOfPredictedSpans, metrics.Recall, metrics.Precision));
        Assert.Equal(["LOC", "PER"], metrics.PerType.Select(type => type.Type));
    }

    [Fact]
    public void Nothing_predicted_is_a_precision_of_zero()
    {
        TaggingMetrics metrics = Evaluate(Conll, ["B-PER O"], ["O O"]);
        Assert.Equal((0.5, 0.0, 0.0, 0.0), (metrics.Accuracy, metrics.Precision, metrics.Recall, metrics.F1Score));
    }

    [Fact]
    public void A_table_shows_it_all()
    {
        string table = Evaluate(Conll, ["B-PER I-PER O B-LOC"], ["B-PER I-PER O B-ORG"]).ToString();
        Assert.Equal("4 tokens, 2 spans; 2 predicted, 1 of them right\naccuracy 75.00 %; precision 50.00 %, recall 50.00 %, F1 50.00 %\n" +
            "  LOC: precision 0.00 %, recall 0.00 %, F1 0.00 %, support 1\n  ORG: precision 0.00 %, recall 0.00 %, F1 0.00 %, support 0\n" +
            "  PER: precision 100.00 %, recall 100.00 %, F1 100.00 %, support 1\n", table);
    }

    [Fact]
    public void Rows_of_different_lengths_are_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Evaluate(Conll, ["O", "O O"], ["O", "O"]));
        Assert.StartsWith("Row 1 (counted from 0): column 'Label' has 2 tags, but column 'PredictedLabel' has 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_are_no_tags_and_labels_that_are_all_missing_are_named()
    {
        TestColumn tags = TestColumn.Tags("Label", Conll, "O");
        Assert.Contains("'PredictedLabel'", Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate(new TestView(tags))).Message, StringComparison.Ordinal);
        Assert.Contains("MapValueToKey", Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate(new TestView(tags,
            TestColumn.Texts("PredictedLabel", "O")))).Message, StringComparison.Ordinal);
        var unnamed = TestColumn.Of("PredictedLabel", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3)), TestColumn.Dense<uint>([[1]]));
        Assert.Contains("KeyValues", Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate(new TestView(tags, unnamed))).Message, StringComparison.Ordinal);
        Assert.Contains("no token", Assert.Throws<InvalidOperationException>(() => Evaluate(Conll, ["? ?"], ["O O"])).Message, StringComparison.Ordinal);
    }

    /// <summary>From a user's own rows: tags as texts, made into keys by one fitted transform.</summary>
    [Fact]
    public void Tags_of_a_users_rows()
    {
        var ml = new MLContext(1);
        IDataView rows = ml.Data.LoadFromEnumerable([new Row(["B-A", "I-A", "O"], ["B-A", "O", "O"]), new Row(["O", "B-B"], ["O", "B-B"])]);
        IDataView data = ml.Transforms.Conversion.MapValueToKey([new("Tags"), new("Found")]).Fit(rows).Transform(rows);
        TaggingMetrics metrics = ml.Sequences().Tagging.Evaluate(data, "Tags", "Found");
        Assert.Equal((0.8, 0.5, 0.5), (metrics.Accuracy, metrics.Precision, metrics.Recall));
    }

    private static IEnumerable<(string, long, long, long, double)> PerType(TaggingMetrics metrics) => metrics.PerType.Select(type =>
        (type.Type, type.NumberOfSpans, type.NumberOfPredictedSpans, type.NumberOfRightSpans, Math.Round(type.F1Score, 12)));

    private static TaggingMetrics Evaluate(string names, string[] labels, string[] predictions) =>
        Evaluate(new TestView(TestColumn.Tags("Label", names, labels), TestColumn.Tags("PredictedLabel", names, predictions)));

    private static TaggingMetrics Evaluate(IDataView data) => new MLContext(1).Sequences().Tagging.Evaluate(data);

    private sealed record Row(string[] Tags, string[] Found);
}
