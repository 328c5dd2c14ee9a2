using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Heads;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Tags decided upon together.</summary>
public class TaggingCrfTests
{
    private static readonly string[] s_tags = ["O", "B-x", "I-x", "B-y", "I-y"];
    private static readonly TaggingOptions s_crf = TaggedExamples.Glance with { TagDecoding = TagDecoding.Crf };

    private readonly MLContext _ml = new(1);
    private readonly List<string> _warnings = [];

    public TaggingCrfTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
            _warnings.Add(e.RawMessage);
    };

    [Fact]
    public void A_tag_that_depends_on_both_neighbours_is_learned()
    {
        ITransformer model = _ml.TagPipeline(TaggedExamples.Quick with { TagDecoding = TagDecoding.Crf })
            .Fit(_ml.TaggedView(300));
        List<TaggedExample> unseen = TaggedExamples.Make(100, seed: 8);
        List<TagPrediction> found = _ml.Tag(model, _ml.Data.LoadFromEnumerable(unseen));
        double accuracy = TaggedExamples.Accuracy(unseen.Zip(found, (row, prediction) => (row.Tags, prediction.PredictedTags)));
        Assert.True(accuracy > 0.97, $"accuracy is {accuracy}");
        Assert.All(found.SelectMany(row => row.Score.Chunk(4)), step => Assert.Equal(1, step.Sum(), 1e-4));
    }

    [Fact]
    public void Tags_of_a_scheme_are_predicted_by_its_rules()
    {
        IDataView data = Spans(60, seed: 1), other = Spans(300, seed: 2);
        TaggingTransformer crf = _ml.Tagger(s_crf).Fit(data), softmax = _ml.Tagger(TaggedExamples.Glance).Fit(data);
        Assert.NotNull(crf.Model.Network.Spec.Output.Constraints);
        Assert.Equal(0, Violations(crf));
        Assert.True(Violations(softmax) > 0, "nothing is tested: the rules are kept without a CRF");
        Assert.Empty(_warnings);

        int Violations(ITransformer model) => model.Transform(other).GetColumn<uint[]>("PredictedLabel")
            .Count(row => row.Select((key, t) => key is 3 or 5 && (t == 0 || (row[t - 1] != key && row[t - 1] != key - 1)))
                .Contains(true));
    }

    [Fact]
    public void Labels_that_break_their_scheme_are_learned_without_its_rules_and_a_warning_says_so()
    {
        IDataView data = Spans(30, seed: 1, broken: 4), sound = Spans(30, seed: 1);
        TaggingTransformer model = _ml.Tagger(s_crf).Fit(data);
        Assert.Null(model.Model.Network.Spec.Output.Constraints);
        Assert.Contains(
            "Column 'Label', row 4 of the training data (counted from 0): it begins with tag 'I-y', which in BIO goes on with " +
            "a span. " +
            "So tags are learned without the rules of their scheme, and such sequences may be predicted.", _warnings);
        TaggingTransformer constrained = _ml.Tagger(s_crf).Fit(sound);
        Assert.Contains("The initial model excludes such sequences of tags",
            Assert.Throws<ArgumentException>(() => _ml.Tagger(s_crf).Fit(data, null, constrained.Model)).Message);
        Assert.Null(_ml.Tagger(s_crf).Fit(sound, data).Model.Network.Spec.Output.Constraints);
        Assert.NotNull(_ml.Tagger(s_crf).Fit(sound, null, constrained.Model).Model.Network.Spec.Output.Constraints);
    }

    [Fact]
    public void Rules_of_an_initial_model_need_the_names_of_the_tags()
    {
        TaggingTransformer model = _ml.Tagger(s_crf).Fit(Spans(20, seed: 1));
        var unnamed = new TestView(TestColumn.Keys("Tokens", 4, [1, 2], [3, 4]), TestColumn.Of("Label",
            new VectorDataViewType(new KeyDataViewType(typeof(uint), 5)), TestColumn.Dense<uint>([[5, 1], [3, 5]])));
        Assert.StartsWith(
            "The initial model has rules for the order of tags, made from their names, but column 'Label' has no names of its " +
            "classes",
            Assert.Throws<ArgumentException>("initial", () => _ml.Tagger(s_crf).Fit(unnamed, null, model.Model)).Message,
            StringComparison.Ordinal);
        // Without rules there is nothing that names are needed for.
        TaggingTransformer free = _ml.Tagger(s_crf).Fit(unnamed);
        Assert.NotNull(_ml.Tagger(s_crf).Fit(unnamed, null, free.Model));
    }

    /// <summary>
    /// The tags are those of BIO; only the order in the rows tells that a B stands between spans and nowhere else.
    /// </summary>
    [Fact]
    public void Rows_in_IOB1_have_its_rules()
    {
        const string tags = "O B-x I-x B-y I-y";
        TestColumn tokens = TestColumn.Keys("Tokens", 4, [1, 2, 3, 4], [3, 4], [1, 2, 2]);
        TaggingTransformer model = _ml.Tagger(s_crf)
            .Fit(new TestView(tokens, TestColumn.Tags("Label", tags, "I-x I-x B-x O", "I-y B-y", "O I-x I-y")));
        CrfConstraints constraints = model.Model.Network.Spec.Output.Constraints!;
        Assert.Empty(_warnings);
        Assert.True(constraints.AllowsStart(2) && constraints.Allows(2, 1) && !constraints.AllowsStart(1) &&
            !constraints.Allows(0, 1) && !constraints.Allows(4, 1));
        TestView bio = new(tokens, TestColumn.Tags("Label", tags, "B-x I-x B-x O", "O B-y", "O O B-x"));
        Assert.Contains("The initial model excludes such sequences of tags",
            Assert.Throws<ArgumentException>(() => _ml.Tagger(s_crf).Fit(bio, null, model.Model)).Message);
    }

    [Fact]
    public void Tags_beside_a_scheme_are_named_and_may_stand_outside()
    {
        TestColumn tokens = TestColumn.Keys("Tokens", 4, [1, 2, 3, 4], [3, 4]);
        TaggingTransformer model = _ml.Tagger(s_crf)
            .Fit(new TestView(tokens, TestColumn.Tags("Label", "O B-x I-x PAD", "B-x I-x PAD O", "PAD B-x")));
        Assert.False(model.Model.Network.Spec.Output.Constraints!.Allows(3, 2));
        Assert.Equal(
            "Column 'Label': 'PAD' is of no scheme, where the other tags are of BIO: such a tag counts as outside of all " +
            "spans, like O.", Assert.Single(_warnings));
    }

    [Fact]
    public void A_row_with_a_missing_label_is_learned_from_and_measured_without_that_step()
    {
        TestColumn tokens = TestColumn.Keys("Tokens", 4, [1, 2], [3, 4, 4]);
        TestView missing = new(tokens, TestColumn.Keys("Label", 3, [1, 2], [3, 0, 1])),
            whole = new(tokens, TestColumn.Keys("Label", 3, [1, 2], [3, 1, 1]));
        TaggingTransformer model = _ml.Tagger(s_crf).Fit(missing, missing), other = _ml.Tagger(s_crf).Fit(whole, missing);
        Assert.Contains("Steps that count nothing because their label in column 'Label' is missing: 1.", _warnings);
        Assert.Contains("Steps that count nothing because their label in column 'Label' is missing: 1, of the validation data.",
            _warnings);
        Assert.NotEqual(TaggingTests.Bits(model, whole), TaggingTests.Bits(other, whole));
        ValidationMetrics measured = other.Model.History[0].Validation!;
        Assert.Contains(measured.Accuracy!.Value, new[] { 0, 0.25, 0.5, 0.75, 1 });
        Assert.Null(measured.LogLoss);
    }

    [Fact]
    public void Options_of_single_steps_are_refused_at_once()
    {
        Assert.Contains("LabelSmoothing",
            Assert.Throws<ArgumentException>(() => _ml.Tagger(s_crf with { LabelSmoothing = 0.1f })).Message);
        Assert.Contains("ClassWeights",
            Assert.Throws<ArgumentException>(() => _ml.Tagger(s_crf with { ClassWeights = ClassWeights.Balanced })).Message);
    }

    [Fact]
    public void More_tags_than_a_CRF_can_have_are_refused()
    {
        var view = new TestView(TestColumn.Keys("Tokens", 4, [1, 2]),
            TestColumn.Keys("Label", CrfOutputLayer.MostTags + 1, [1, 2]));
        Assert.Contains("Column 'Label': a CRF has at most",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Tagger(s_crf).Fit(view)).Message);
    }

    [Fact]
    public void A_saved_tagger_decides_the_same_when_loaded_and_its_report_is_written()
    {
        TestView data = Spans(40, seed: 1);
        TaggingTransformer model = _ml.Tagger(s_crf).Fit(data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(TaggingTests.Bits(model, data), TaggingTests.Bits(loaded, data));
        string page = Path.GetTempFileName();
        try
        {
            ((TaggingTransformer)loaded).Model.WriteReport(page);
            Assert.Contains("B-x", File.ReadAllText(page));
        }
        finally
        {
            File.Delete(page);
        }
    }

    /// <summary>Rows whose tags keep the rules of BIO, at random; but for one that begins with I-y.</summary>
    private static TestView Spans(int count, int seed, int broken = -1)
    {
        var random = new Random(seed);
        var tokens = new uint[count][];
        var labels = new uint[count][];
        for (int row = 0; row < count; row++)
        {
            tokens[row] = [.. Enumerable.Range(0, 1 + row % 9).Select(_ => (uint)random.Next(1, 5))];
            labels[row] = new uint[tokens[row].Length];
            for (int t = 0; t < labels[row].Length; t++)
            {
                uint before = t == 0 ? 1 : labels[row][t - 1];
                // Two of three times on with the span that there is, in which each tag is likely by itself.
                labels[row][t] = before > 1 && random.Next(3) > 0 ? before - before % 2 + 1
                    : new uint[] { 1, 2, 4 }[random.Next(3)];
            }
            if (row == broken)
                labels[row][0] = 5;
        }
        ReadOnlyMemory<char>[] names = [.. s_tags.Select(tag => tag.AsMemory())];
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) =>
                new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
        TestColumn keys = TestColumn.Keys("Label", names.Length, labels);
        return new TestView(TestColumn.Keys("Tokens", 4, tokens),
            keys with { Declared = new("Label", keys.Declared.Type, annotations.ToAnnotations()) });
    }
}
