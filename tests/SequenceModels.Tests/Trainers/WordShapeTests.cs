using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Taggers that read the shapes of words.</summary>
public class WordShapeTests
{
    private static readonly TaggingOptions s_shapes = TaggedExamples.Quick with { WordShapes = true, CharacterHiddenSize = 1 };

    private readonly MLContext _ml = new(1);

    [Fact]
    public void What_a_shape_tells_is_learned_and_known_of_new_words()
    {
        IDataView train = View("ab Cd 12", "Ef gh 345", "ij 6 Kl mn", "Op 78 qr St"), other = View("zz Yy 99 Xx vv");
        TaggingTransformer model = _ml.Tagger(s_shapes with { NumberOfEpochs = 60 }, "Words").Fit(train);
        Assert.Equal(["Words"], model.FeatureColumnNames);
        Assert.Equal([2u, 1u, 3u, 1u, 2u], model.Transform(other).GetColumn<uint[]>("PredictedLabel").Single());
    }

    [Fact]
    public void A_saved_tagger_reads_the_same_shapes()
    {
        IDataView data = View("ab Cd 12", "Ef gh 345");
        TaggingTransformer model = _ml.Tagger(s_shapes, "Words").Fit(data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        Assert.Equal(TaggingTests.Bits(model, data), TaggingTests.Bits(new MLContext().Model.Load(file, out _), data));
    }

    [Fact]
    public void Without_words_there_are_no_shapes() => Assert.Contains("WordShapes is true, but no column of text is",
        Assert.Throws<ArgumentException>(() => _ml.Tagger(s_shapes).Fit(_ml.Prepared(5))).Message, StringComparison.Ordinal);

    /// <summary>Tag 1 of words with a capital, 2 of others, 3 of numbers.</summary>
    private IDataView View(params string[] rows) =>
        _ml.Transforms.Conversion.MapValueToKey("Label", "Tags", keyData: _ml.Data.LoadFromEnumerable(
            new[] { new Tag("X"), new Tag("x"), new Tag("d") })).Fit(Load(rows)).Transform(Load(rows));

    private IDataView Load(string[] rows) => _ml.Data.LoadFromEnumerable(rows.Select(row => new TaggedExample
    {
        Words = row.Split(' '),
        Tags = [.. row.Split(' ').Select(word => char.IsDigit(word[0]) ? "d" : char.IsUpper(word[0]) ? "X" : "x")],
    }));

    private sealed record Tag(string Value);
}
