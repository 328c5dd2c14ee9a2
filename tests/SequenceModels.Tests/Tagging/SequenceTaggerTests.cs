using Microsoft.ML;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Tagging;

/// <summary>A saved tagger used without ML.NET, beside the pipeline that it came from.</summary>
public class SequenceTaggerTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(TagDecoding.Softmax)]
    [InlineData(TagDecoding.Crf)]
    public void Tags_and_scores_of_a_file_are_those_of_the_pipeline(TagDecoding decoding)
    {
        IDataView data = _ml.Prepared(50);
        TaggingTransformer model = _ml.Tagger(TaggedExamples.Glance with { TagDecoding = decoding }).Fit(data);
        using var file = new MemoryStream();
        model.Tagger.Save(file);
        file.Position = 0;
        var tagger = SequenceTagger.Load(file);
        List<TagPrediction> expected = _ml.Tag(model, data);
        uint[][] tokens = [.. _ml.Data.CreateEnumerable<TokenRow>(data, reuseRowObject: false, ignoreMissingColumns: true)
            .Select(row => row.Tokens)];
        TaggedSequence[] found = new TaggedSequence[tokens.Length];
        Parallel.For(0, tokens.Length, row => found[row] = tagger.Tag(tokens[row]));
        Assert.Equal(expected.Select(row => row.Score), found.Select(row => row.Scores.ToArray()));
        Assert.Equal(expected.Select(row => row.PredictedLabel),
            found.Select(row => row.Tags.Select(tag => (uint)tagger.Tags.ToList().IndexOf(tag) + 1).ToArray()));
        Assert.Empty(tagger.Tag(Array.Empty<uint>()).Tags);
    }

    [Fact]
    public void Spans_are_found_by_the_tags_names()
    {
        SequenceNetwork network = _ml.Tagger(TaggedExamples.Glance).Fit(_ml.Prepared(50)).Model.Network;
        uint[] tokens = [1, 2, 1, 1, 3, 4, 2, 2, 1, 3];
        TaggedSequence plain = new SequenceTagger(network, ["after", "before", "both", "none"]).Tag(tokens);
        Assert.Equal(plain.Tags.Select((tag, t) => new TaggedSpan(tag, t, 1)), plain.Spans);
        // Whatever was learned: the same classes under other names.
        var tagger = new SequenceTagger(network, ["I-X", "B-X", "I-Y", "B-Y"]);
        Assert.Equal(TaggingScheme.Bio, tagger.Scheme);
        TaggedSequence found = tagger.Tag(tokens);
        Assert.Equal(tokens.Length, found.Spans.Sum(span => span.Count));
        foreach (TaggedSpan span in found.Spans)
        {
            string[] tags = [.. found.Tags.Skip(span.First).Take(span.Count)];
            Assert.True(tags[0] == $"B-{span.Type}" || span.First == 0 || found.Tags[span.First - 1][2..] != span.Type);
            Assert.All(tags[1..], tag => Assert.Equal($"I-{span.Type}", tag));
        }
        Assert.Contains(found.Spans, span => span.Count > 1);
    }

    [Fact]
    public void What_is_no_tagger_is_refused()
    {
        SequenceNetwork network = _ml.Tagger(TaggedExamples.Glance).Fit(_ml.Prepared(50)).Model.Network;
        Assert.Contains("it has 4 outputs, where 2 classes have names",
            Assert.Throws<ArgumentException>(() => new SequenceTagger(network, ["O", "B-X"])).Message);
        Assert.Throws<InvalidOperationException>(() => new SequenceTagger(network, ["a", "b", "c", "d"]).Tag(new float[] { 1 }));
    }

    private sealed class TokenRow
    {
        public uint[] Tokens { get; set; } = [];
    }
}
