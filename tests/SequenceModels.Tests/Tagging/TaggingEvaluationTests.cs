using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Reports;
using Xunit;

namespace SequenceModels.Tests.Tagging;

/// <summary>Against what conlleval and seqeval give, worked out by hand.</summary>
public class TaggingEvaluationTests
{
    private const string Conll = "O B-PER I-PER B-LOC I-LOC B-ORG I-ORG B-MISC I-MISC";

    /// <summary>
    /// The example of seqeval's readme: f1_score 0.50, accuracy_score 0.80; MISC 0.00, PER 1.00, support 1 each.
    /// </summary>
    [Fact]
    public void The_readme_of_seqeval()
    {
        TaggingMetrics metrics = Evaluate(Conll, ["O O O B-MISC I-MISC I-MISC O", "B-PER I-PER O"],
            ["O O B-MISC I-MISC I-MISC I-MISC O", "B-PER I-PER O"]);
        Assert.Equal((TaggingScheme.Bio, 10, 2, 2),
            (metrics.Scheme, metrics.NumberOfTokens, metrics.NumberOfSpans, metrics.NumberOfPredictedSpans));
        Assert.Equal((0.8, 0.5, 0.5, 0.5), (metrics.Accuracy, metrics.Precision, metrics.Recall, metrics.F1Score));
        Assert.Equal([("MISC", 1L, 1L, 0L, 0.0), ("PER", 1, 1, 1, 1)], PerType(metrics));
    }

    /// <summary>
    /// Labels: PER 0-1, LOC 3, ORG 5-7. Predicted: PER 0-1 (right), ORG 3 (wrong type), ORG 5-6 and ORG 7 (wrong bounds).
    /// conlleval: accuracy 6/8, precision 1/4, recall 1/3, FB1 2/7.
    /// </summary>
    [Fact]
    public void Wrong_types_and_wrong_bounds()
    {
        TaggingMetrics metrics =
            Evaluate(Conll, ["B-PER I-PER O B-LOC O B-ORG I-ORG I-ORG"], ["B-PER I-PER O B-ORG O B-ORG I-ORG B-ORG"]);
        Assert.Equal((0.75, 0.25), (metrics.Accuracy, metrics.Precision));
        Assert.Equal(1.0 / 3, metrics.Recall!.Value, 1e-15);
        Assert.Equal(2.0 / 7, metrics.F1Score!.Value, 1e-15);
        Assert.Equal([("LOC", 1L, 0L, 0L, 0.0), ("ORG", 1, 3, 0, 0), ("PER", 1, 1, 1, 1)], PerType(metrics));
    }

    /// <summary>
    /// An I after O, or after another type, begins a span: predicted are PER 1-2 and LOC 3, as the labels have it,
    /// though their tokens differ. A span never reaches into the next sequence.
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
        Assert.Equal((TaggingScheme.Bioes, 2, 3, 1.0 / 3, 0.5),
            (bioes.Scheme, bioes.NumberOfSpans, bioes.NumberOfPredictedSpans, bioes.Precision, bioes.Recall));
        TaggingMetrics io = Evaluate("O I-A I-B", ["I-A I-A O I-B"], ["I-A I-A I-B I-B"]);
        Assert.Equal((TaggingScheme.IO, 2, 2, 0.5, 0.75),
            (io.Scheme, io.NumberOfSpans, io.NumberOfPredictedSpans, io.Precision, io.Accuracy));
    }

    [Fact]
    public void Without_a_scheme_there_are_token_figures_alone()
    {
        TaggingMetrics metrics = Evaluate("NN VB DT", ["DT NN VB NN"], ["DT NN NN NN"]);
        Assert.Equal((TaggingScheme.None, 0.75, 4), (metrics.Scheme, metrics.Accuracy, metrics.NumberOfTokens));
        Assert.Null(metrics.F1Score);
        Assert.Null(metrics.Precision);
        Assert.Null(metrics.Recall);
        Assert.Null(metrics.NumberOfSpans);
        Assert.Null(metrics.NumberOfPredictedSpans);
        Assert.Empty(metrics.PerType);
        Assert.Equal("4 tokens\naccuracy 75.00 %\n", metrics.ToString());
    }

    /// <summary>A tagger that finds nothing has no F1, whatever the scheme; O is no span.</summary>
    [Theory]
    [InlineData("O B-org L-org U-place", "B-org L-org O O O U-place O O", TaggingScheme.Bilou)]
    [InlineData("O B-org I-org PAD", "B-org I-org O O O B-org O O", TaggingScheme.Bio)]
    [InlineData("o org_b org_m org_e", "org_b org_e o o o org_b o o", TaggingScheme.Bmes)]
    public void Nothing_found_is_an_F1_of_zero(string names, string labels, TaggingScheme scheme)
    {
        TaggingMetrics metrics = Evaluate(names, [labels], [string.Join(' ', Enumerable.Repeat(names[..1], 8))]);
        Assert.Equal((scheme, 2, 0, 0.0, 0.625),
            (metrics.Scheme, metrics.NumberOfSpans, metrics.NumberOfPredictedSpans, metrics.F1Score, metrics.Accuracy));
    }

    /// <summary>
    /// Labels: X 0-2, X 3, X 5-6. Predicted: X 0-2 (right), X 3 (right), X 5, for its end is missing, and X 7: precision 2/4,
    /// recall 2/3.
    /// </summary>
    [Theory]
    [InlineData("O B-X I-X L-X U-X", TaggingScheme.Bilou)]
    [InlineData("O B-X I-X E-X S-X", TaggingScheme.Bioes)]
    [InlineData("O B-X M-X E-X S-X", TaggingScheme.Bmes)]
    [InlineData("o b_x m_x e_x w_x", TaggingScheme.Bmes)]
    [InlineData("O X-B X-I X-L X-U", TaggingScheme.Bilou)]
    public void Figures_of_schemes_with_ends(string names, TaggingScheme scheme)
    {
        string[] tags = names.Split(' ');
        string Row(string places) => string.Join(' ', places.Select(place => tags[place - '0']));
        TaggingMetrics metrics = Evaluate(names, [Row("12340130")], [Row("12340104")]);
        Assert.Equal((scheme, 3, 4, 0.5),
            (metrics.Scheme, metrics.NumberOfSpans, metrics.NumberOfPredictedSpans, metrics.Precision));
        Assert.Equal(2.0 / 3, metrics.Recall!.Value, 1e-15);
        Assert.Equal(4.0 / 7, metrics.F1Score!.Value, 1e-15);
    }

    /// <summary>conlleval reads both alike. Labels: X 0-1, X 2, Y 4. Predicted: X 0-2, Y 4: precision 1/2, recall 1/3.</summary>
    [Fact]
    public void Figures_of_IOB1()
    {
        TaggingMetrics metrics = Evaluate("O I-X B-X I-Y", ["I-X I-X B-X O I-Y"], ["I-X I-X I-X O I-Y"]);
        Assert.Equal((TaggingScheme.Iob1, 3, 2, 0.5),
            (metrics.Scheme, metrics.NumberOfSpans, metrics.NumberOfPredictedSpans, metrics.Precision));
        Assert.Equal(1.0 / 3, metrics.Recall!.Value, 1e-15);
    }

    [Fact]
    public void Tags_of_no_scheme_beside_one_are_warned_of()
    {
        var ml = new MLContext(1);
        List<string> warnings = Warnings(ml);
        ml.Sequences().Tagging.Evaluate(new TestView(TestColumn.Tags("Label", "O B-X I-X PAD", "B-X PAD"),
            TestColumn.Tags("PredictedLabel", "O B-X I-X PAD", "B-X O")));
        Assert.Equal(
            ["'PAD' is of no scheme, where the other tags are of BIO: such a tag counts as outside of all spans, like O."],
            warnings);
    }

    /// <summary>
    /// A missing key may be a tag that the model has never seen: its token and its span are missed.
    /// A missing prediction is outside.
    /// </summary>
    [Fact]
    public void Missing_labels_count_as_missed_and_missing_predictions_are_wrong()
    {
        TaggingMetrics metrics = Evaluate(Conll, ["B-PER ? I-PER O B-LOC", "? ?"], ["B-PER O I-PER O ?", "B-PER O"]);
        // Spans: PER 0, an unknown one, PER 2 and LOC 4; in the second row one of two tokens. Predicted: PER 0, PER 2,
        // and PER 0 of the second row.
        Assert.Equal((7, 3, 3.0 / 7), (metrics.NumberOfTokens, metrics.NumberOfUnknownLabels, metrics.Accuracy));
        Assert.Equal((5, 3, 2.0 / 3, 0.4),
            (metrics.NumberOfSpans, metrics.NumberOfPredictedSpans, metrics.Precision, metrics.Recall));
    }

    [Fact]
    public void Unknown_labels_are_counted_and_warned_of()
    {
        var ml = new MLContext(1);
        List<string> warnings = Warnings(ml);
        TaggingMetrics metrics =
            ml.Sequences().Tagging.Evaluate(
                new TestView(TestColumn.Tags("Label", "O B-PER B-verb I-verb", "B-verb I-verb B-PER ?"),
            TestColumn.Tags("PredictedLabel", "O B-PER", "O O B-PER O")));
        Assert.Equal((3, 3, 1.0 / 3, 0.25),
            (metrics.NumberOfUnknownLabels, metrics.NumberOfSpans, metrics.Recall, metrics.Accuracy));
        Assert.Equal([("PER", 1L, 1L, 1L, 1.0), ("verb", 1, 0, 0, 0)], PerType(metrics));
        Assert.StartsWith(
            "Labels in column 'Label' that are missing, or that column 'PredictedLabel' does not know ('B-verb', 'I-verb'): " +
            "3 of 4. They count as missed.", Assert.Single(warnings));
        Assert.StartsWith("4 tokens, 3 of unknown labels, 3 spans; 1 predicted, 1 of them right\n", metrics.ToString());
    }

    [Theory]
    [InlineData(SequenceSide.End)]
    [InlineData(SequenceSide.Start)]
    public void Slots_that_were_filled_up_are_left_out(SequenceSide side)
    {
        var ml = new MLContext(1);
        IDataView data = new TestView(TestColumn.Tags("Label", Conll, "B-PER I-PER", "O ? B-LOC"),
            TestColumn.Tags("PredictedLabel", Conll, "B-PER I-PER", "O O B-LOC"));
        data = ml.Transforms.PadSequence("Label", 5, pad: side).Append(ml.Transforms.PadSequence("PredictedLabel", 5, pad: side))
            .Fit(data).Transform(data);
        TaggingMetrics metrics = ml.Sequences().Tagging.Evaluate(data);
        Assert.Equal((5, 1, 0.8), (metrics.NumberOfTokens, metrics.NumberOfUnknownLabels, metrics.Accuracy));
    }

    [Fact]
    public void Labels_may_be_texts_of_which_empty_ones_are_left_out()
    {
        TestColumn labels = TestColumn.Of("Label", new VectorDataViewType(TextDataViewType.Instance),
            TestColumn.Dense([["B-PER".AsMemory(), "".AsMemory(), "B-verb".AsMemory()], ["O".AsMemory()]]));
        TaggingMetrics metrics =
            Evaluate(new TestView(labels, TestColumn.Tags("PredictedLabel", "O B-PER I-PER", "B-PER I-PER B-PER", "O")));
        Assert.Equal((3, 1, 2, 2),
            (metrics.NumberOfTokens, metrics.NumberOfUnknownLabels, metrics.NumberOfSpans, metrics.NumberOfPredictedSpans));
        Assert.Equal((2.0 / 3, 0.5), (metrics.Accuracy, metrics.Recall));
    }

    /// <summary>Texts that were predicted do not tell which others could have been.</summary>
    [Fact]
    public void Predictions_may_be_texts_too()
    {
        TestColumn Words(string name, params string[] words) =>
            TestColumn.Of(name, new VectorDataViewType(TextDataViewType.Instance),
                TestColumn.Dense([words.Select(word => word.AsMemory()).ToArray()]));
        TaggingMetrics metrics =
            Evaluate(new TestView(Words("Label", "B-PER", "O", "B-LOC"), Words("PredictedLabel", "B-PER", "O", "")));
        Assert.Equal((0, 2, 1, 0.5),
            (metrics.NumberOfUnknownLabels, metrics.NumberOfSpans, metrics.NumberOfPredictedSpans, metrics.Recall));
    }

    [Fact]
    public void Tags_of_any_type_are_compared()
    {
        var ml = new MLContext(1);
        IDataView rows =
            ml.Data.LoadFromEnumerable(new[] { new Typed([7, 9], [7, 7], [true, false], [new DateTime(2024, 1, 2)]),
                new Typed([9], [9], [true], []) });
        IDataView data = ml.Transforms.Conversion.MapValueToKey([new("Numbers"), new("Found"), new("Flags"), new("Days")])
            .Fit(rows).Transform(rows);
        Assert.Equal((2.0 / 3, TaggingScheme.None), (ml.Sequences().Tagging.Evaluate(data, "Numbers", "Found").Accuracy,
            ml.Sequences().Tagging.Evaluate(data, "Numbers", "Found").Scheme));
        Assert.Equal(1, ml.Sequences().Tagging.Evaluate(data, "Flags", "Flags").Accuracy);
        Assert.Equal(1, ml.Sequences().Tagging.Evaluate(data, "Days", "Days").Accuracy);
    }

    [Fact]
    public void Keys_that_stand_for_nothing_are_compared_by_their_numbers()
    {
        TestColumn Unnamed(string name, params uint[] keys) =>
            TestColumn.Of(name, new VectorDataViewType(new KeyDataViewType(typeof(uint), 3)), TestColumn.Dense<uint>([keys]));
        Assert.Equal(0.5, Evaluate(new TestView(Unnamed("Label", 1, 3), Unnamed("PredictedLabel", 1, 2))).Accuracy);
    }

    [Fact]
    public void Keys_may_be_in_another_order_and_stand_for_other_tags()
    {
        TaggingMetrics metrics = Evaluate(new TestView(TestColumn.Tags("Label", "O B-PER I-PER", "B-PER I-PER O"),
            TestColumn.Tags("PredictedLabel", "I-PER B-LOC O B-PER", "B-PER I-PER B-LOC")));
        Assert.Equal((1, 2, 1.0, 0.5),
            (metrics.NumberOfSpans, metrics.NumberOfPredictedSpans, metrics.Recall, metrics.Precision));
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
        Assert.Equal(
            "4 tokens, 2 spans; 2 predicted, 1 of them right\naccuracy 75.00 %; precision 50.00 %, recall 50.00 %, F1 50.00 %\n" +
            "  LOC: precision 0.00 %, recall 0.00 %, F1 0.00 %, support 1\n  ORG: precision 0.00 %, recall 0.00 %, F1 0.00 %, " +
            "support 0\n" +
            "  PER: precision 100.00 %, recall 100.00 %, F1 100.00 %, support 1\n", table);
    }

    [Fact]
    public void Rows_of_different_lengths_are_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Evaluate(Conll, ["O", "O O"], ["O", "O"]));
        Assert.StartsWith("Row 1 (counted from 0): column 'Label' has 2 tags, but column 'PredictedLabel' has 1.", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_are_no_tags_and_rows_without_tokens_are_named()
    {
        TestColumn tags = TestColumn.Tags("Label", Conll, "O");
        Assert.Contains("'PredictedLabel'",
            Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate(new TestView(tags))).Message, StringComparison.Ordinal);
        Assert.Contains("MapValueToKey", Assert.Throws<ArgumentOutOfRangeException>(() => Evaluate(new TestView(tags,
            TestColumn.Texts("PredictedLabel", "O")))).Message, StringComparison.Ordinal);
        var unnamed = TestColumn.Of("PredictedLabel", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3)),
            TestColumn.Dense<uint>([[1]]));
        Assert.Contains("KeyValues", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Evaluate(new TestView(tags, unnamed))).Message, StringComparison.Ordinal);
        Assert.Contains("no token", Assert.Throws<InvalidOperationException>(() => Evaluate(Conll, [""], [""])).Message,
            StringComparison.Ordinal);
    }

    /// <summary>As a test set has them whose tags are all new: each is missed, and none is left out.</summary>
    [Fact]
    public void Labels_that_are_all_missing_are_all_missed()
    {
        TaggingMetrics metrics = Evaluate(Conll, ["? ?", "O ?"], ["O B-PER", "O O"]);
        Assert.Equal((4, 3, 0.25), (metrics.NumberOfTokens, metrics.NumberOfUnknownLabels, metrics.Accuracy));
        metrics = Evaluate(Conll, ["? ?"], ["O O"]);
        Assert.Equal((2, 2, 1, 0.0, 0.0),
            (metrics.NumberOfTokens, metrics.NumberOfUnknownLabels, metrics.NumberOfSpans, metrics.Accuracy, metrics.Recall));
    }

    /// <summary>From a user's own rows: tags as texts, made into keys by one fitted transform.</summary>
    [Fact]
    public void Tags_of_a_users_rows()
    {
        var ml = new MLContext(1);
        IDataView rows =
            ml.Data.LoadFromEnumerable([new Row(["B-A", "I-A", "O"], ["B-A", "O", "O"]), new Row(["O", "B-B"], ["O", "B-B"])]);
        IDataView data = ml.Transforms.Conversion.MapValueToKey([new("Tags"), new("Found")]).Fit(rows).Transform(rows);
        TaggingMetrics metrics = ml.Sequences().Tagging.Evaluate(data, "Tags", "Found");
        Assert.Equal((0.8, 0.5, 0.5), (metrics.Accuracy, metrics.Precision, metrics.Recall));
    }

    private static IEnumerable<(string, long, long, long, double)> PerType(TaggingMetrics metrics) =>
        metrics.PerType.Select(type =>
        (type.Type, type.NumberOfSpans, type.NumberOfPredictedSpans, type.NumberOfRightSpans, Math.Round(type.F1Score, 12)));

    private static TaggingMetrics Evaluate(string names, string[] labels, string[] predictions) =>
        Evaluate(new TestView(TestColumn.Tags("Label", names, labels), TestColumn.Tags("PredictedLabel", names, predictions)));

    private static TaggingMetrics Evaluate(IDataView data) => new MLContext(1).Sequences().Tagging.Evaluate(data);

    private static List<string> Warnings(MLContext ml)
    {
        List<string> warnings = [];
        ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        return warnings;
    }

    private sealed record Row(string[] Tags, string[] Found);

    private sealed record Typed(int[] Numbers, int[] Found, bool[] Flags, DateTime[] Days);
}
