using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Transforms;

public class ExtractSpansTests
{
    private const string Names = "O B-PER I-PER B-LOC I-LOC";

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Spans_have_text_type_start_and_length()
    {
        // "Ada  Lovelace" keeps the blanks between its words; the second text has a character of two UTF-16 units.
        IDataView spans = Extract(new TestView(
            TestColumn.Tags("Tags", Names, "O B-PER I-PER O B-LOC", "B-LOC I-PER", "", "O ?"),
            TestColumn.Offsets("Offsets", [0, 3, 4, 3, 9, 8, 19, 2, 22, 6], [0, 3, 3, 2], [], [0, 1, 1, 1]),
            TestColumn.Texts("Text", "Did Ada  Lovelace, in London?", "\ud83c\udf0dAda!", "", "ab")));
        Assert.Equal([["Ada  Lovelace", "London"], ["\ud83c\udf0dA", "da"], [], []], Texts(spans, "Spans"));
        Assert.Equal([["PER", "LOC"], ["LOC", "PER"], [], []], Texts(spans, "SpansType"));
        Assert.Equal([[4, 22], [0, 3], [], []], spans.Vectors<int>("SpansStart"));
        Assert.Equal([[13, 6], [3, 2], [], []], spans.Vectors<int>("SpansLength"));
    }

    [Theory]
    [InlineData("O B-PER I-PER L-PER U-LOC", "B-PER L-PER O U-LOC", "ab d", "PER LOC")]
    [InlineData("o per_b per_m per_e loc_s", "per_b per_e o loc_s", "ab d", "per loc")]
    [InlineData("NN VB O", "NN VB O NN", "a b d", "NN VB NN")] // no scheme: each token, but O
    [InlineData("1 2", "2 1 ? ?", "a b", "2 1")]
    public void Spans_of_every_scheme(string names, string tags, string texts, string types)
    {
        IDataView spans = Extract(new TestView(TestColumn.Tags("Tags", names, tags),
            TestColumn.Offsets("Offsets", [0, 1, 1, 1, 3, 1, 5, 1]), TestColumn.Texts("Text", "ab c d")));
        Assert.Equal([texts.Split(' ')], Texts(spans, "Spans"));
        Assert.Equal([types.Split(' ')], Texts(spans, "SpansType"));
    }

    [Fact]
    public void Tags_need_not_be_texts()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([new Numbered { Text = "a b", Tags = [7, 9], Offsets = [0, 1, 2, 1] }]);
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Tags").Fit(rows).Transform(rows);
        Assert.Equal([["7", "9"]], Texts(Extract(keyed), "SpansType"));
        IDataView unnamed = new TestView(TestColumn.Of("Tags", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3)),
            TestColumn.Dense<uint>([[3]])),
            TestColumn.Offsets("Offsets", [0, 1]), TestColumn.Texts("Text", "a"));
        Assert.Equal([["3"]], Texts(Extract(unnamed), "SpansType"));
    }

    [Fact]
    public void Tokens_that_take_no_room_do_not_stretch_a_span()
    {
        IDataView spans = Extract(new TestView(TestColumn.Tags("Tags", Names, "B-PER I-PER I-PER B-LOC"),
            TestColumn.Offsets("Offsets", [0, 0, 2, 3, 0, 0, 6, 0]), TestColumn.Texts("Text", "a bcd e")));
        Assert.Equal([["bcd", ""]], Texts(spans, "Spans"));
        Assert.Equal([[2, 6]], spans.Vectors<int>("SpansStart"));
    }

    [Fact]
    public void Spans_are_read_into_a_users_class()
    {
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("Tags").Append(
            _ml.Sequences().Tagging.ExtractSpans("Names", "Tags", "Offsets", "Text"))
            .Fit(_ml.Data.LoadFromEnumerable([Sentence.Example]));
        PredictionEngine<Sentence, Found> engine = _ml.Model.CreatePredictionEngine<Sentence, Found>(model);
        Found found = engine.Predict(Sentence.Example);
        Assert.Equal(["Ada", "Rome"], found.Names);
        Assert.Equal(["PER", "LOC"], found.NamesType);
        Assert.Equal([0, 7], found.NamesStart);
        Assert.Equal([3, 4], found.NamesLength);
        // An engine's rows have no number.
        found = engine.Predict(new Sentence { Text = "Rome", Tags = ["B-LOC"], Offsets = [0, 4] });
        Assert.Equal(["Rome"], found.Names);
        Assert.Equal([0], found.NamesStart);
    }

    [Theory]
    [InlineData("O", new[] { 0, 1, 1, 1 }, "Column 'Offsets', row 1 (counted from 0): 4 numbers for 1 tag.")]
    [InlineData("B-PER", new[] { 1, 2 },
        "Column 'Offsets', row 1 (counted from 0): token 0 is said to stand at 1, 2 long, in a text of 2 (column 'Text').")]
    [InlineData("B-PER", new[] { -1, 2 }, "Column 'Offsets', row 1 (counted from 0): token 0 is said to stand at -1, 2 long")]
    [InlineData("B-PER", new[] { int.MaxValue, int.MaxValue }, "Column 'Offsets', row 1 (counted from 0): token 0")]
    public void Offsets_that_do_not_fit_are_named(string tags, int[] offsets, string message)
    {
        IDataView spans = Extract(new TestView(TestColumn.Tags("Tags", Names, "O", tags), TestColumn.Offsets("Offsets", [0, 0],
            offsets),
            TestColumn.Texts("Text", "", "ab")));
        Assert.StartsWith(message, Assert.Throws<InvalidOperationException>(() => Texts(spans, "Spans")).Message,
            StringComparison.Ordinal);
    }

    private IDataView Extract(IDataView data) => _ml.Sequences().Tagging.ExtractSpans("Spans", "Tags", "Offsets", "Text")
        .Fit(data).Transform(data);

    private static string[][] Texts(IDataView view, string column) =>
        [.. view.Vectors<ReadOnlyMemory<char>>(column).Select(row => row.Select(text => text.ToString()).ToArray())];

    private sealed class Numbered
    {
        public string Text { get; set; } = "";

        public int[] Tags { get; set; } = [];

        [VectorType(2, 2)]
        public int[] Offsets { get; set; } = [];
    }

    private sealed class Sentence
    {
        public static Sentence Example =>
            new() { Text = "Ada in Rome", Tags = ["B-PER", "O", "B-LOC"], Offsets = [0, 3, 4, 2, 7, 4] };

        public string Text { get; set; } = "";

        public string[] Tags { get; set; } = [];

        public int[] Offsets { get; set; } = [];
    }

    private sealed class Found
    {
        public string[] Names { get; set; } = [];

        public string[] NamesType { get; set; } = [];

        public int[] NamesStart { get; set; } = [];

        public int[] NamesLength { get; set; } = [];
    }
}
