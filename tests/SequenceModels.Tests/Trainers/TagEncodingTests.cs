using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Conformance;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Tags of BIO that are learned as BIOES.</summary>
public class TagEncodingTests
{
    private static readonly TaggingOptions s_bioes = TaggedExamples.Glance with { TagEncoding = TagEncoding.Bioes };
    private static readonly string[] s_tags = ["B-x", "I-x", "O", "B-y"];

    private readonly MLContext _ml = new(1);
    private readonly TestView _data = View("B-x I-x O B-y", "O B-x I-x O", "B-y O B-x", "B-x I-x I-x B-y", "O O B-y B-x I-x");

    [Theory]
    [InlineData(TagDecoding.Softmax)]
    [InlineData(TagDecoding.Crf)]
    public void The_network_learns_BIOES_and_the_columns_have_the_tags_of_the_label(TagDecoding decoding)
    {
        TaggingTransformer model = _ml.Tagger(s_bioes with { TagDecoding = decoding, NumberOfEpochs = 40 }).Fit(_data);
        Assert.Equal(6, model.Model.Network.NumberOfOutputs); // B-x S-x I-x E-x O S-y
        IDataView tagged = model.Transform(_data);
        VBuffer<ReadOnlyMemory<char>> names = default;
        tagged.Schema["PredictedLabel"].GetKeyValues(ref names);
        Assert.Equal(s_tags, names.DenseValues().Select(name => name.ToString()));
        Assert.Equal(4, ((VectorDataViewType)tagged.Schema["Score"].Type).Dimensions[1]);
        Assert.Equal(_data.GetColumn<uint[]>("Label"), tagged.GetColumn<uint[]>("PredictedLabel"));
        Assert.All(tagged.GetColumn<float[]>("Score").SelectMany(scores => scores.Chunk(4)),
            step => Assert.Equal(1, step.Sum(), 1e-4));
        Assert.Equal(1, _ml.Sequences().Tagging.Evaluate(tagged).F1Score);
    }

    [Fact]
    public void A_saved_tagger_and_its_engine_without_ML_NET_give_the_same_tags_and_scores()
    {
        TaggingTransformer model = _ml.Tagger(s_bioes with { TagDecoding = TagDecoding.Crf }).Fit(_data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, _data.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(TaggingTests.Bits(model, _data), TaggingTests.Bits(loaded, _data));
        using var stream = new MemoryStream();
        model.Tagger.Save(stream);
        stream.Position = 0;
        foreach (SequenceTagger tagger in new[] { model.Tagger, SequenceTagger.Load(stream) })
        {
            Assert.Equal(s_tags, tagger.Tags);
            foreach ((uint[] tokens, uint[] tags, float[] scores) in _data.GetColumn<uint[]>("Tokens")
                .Zip(model.Transform(_data).GetColumn<uint[]>("PredictedLabel"),
                    model.Transform(_data).GetColumn<float[]>("Score")))
            {
                TaggedSequence found = tagger.Tag(tokens);
                Assert.Equal(tags.Select(tag => s_tags[tag - 1]), found.Tags);
                Assert.Equal(scores, found.Scores);
            }
        }
    }

    [Fact]
    public void Tags_that_are_not_of_BIO_are_refused()
    {
        Refused<InvalidOperationException>(View("O B-x I-x", "O B-x", "O O I-x"),
            "Column 'Label', row 1 (counted from 0): at step 2 (counted from 0) a tag I goes on with no span of its type.");
        Refused<ArgumentException>(View("NOUN VERB", "NOUN VERB", "VERB"),
            "TagEncoding is Bioes, which is for tags in BIO (B-PER, " +
            "I-PER, O), but column 'Label' has tags of the scheme None");
        Assert.Contains("ClassWeights", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Tagger(s_bioes with { ClassWeights = ClassWeights.Of(1, 2, 3, 4) })).Message, StringComparison.Ordinal);
    }

    private void Refused<T>(IDataView data, string what) where T : Exception =>
        Assert.Contains(what, Assert.Throws<T>(() => _ml.Tagger(s_bioes).Fit(data)).Message, StringComparison.Ordinal);

    /// <summary>A token for each tag: 1 for I, 2 for O, other numbers for what begins a span.</summary>
    private static TestView View(string names, params string[] rows) => new(
        TestColumn.Keys("Tokens", 4, [.. rows.Select(row => row.Split(' ').Select(tag => tag switch
        {
            ['I', ..] => 1u,
            "O" => 2u,
            "B-x" => 3u,
            _ => 4u,
        }).ToArray())]), TestColumn.Tags("Label", names, rows));
}
