using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Several features at each step, words among them.</summary>
public class TaggingFeatureTests
{
    private const string Letters = "abcdefg";

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Characters_and_subwords_tell_the_tags_of_words_never_seen()
    {
        TaggingOptions options = TaggedExamples.Quick with { CharacterHiddenSize = 8, CharacterEmbeddingSize = 6 };
        IDataView train = Suffixes(400, seed: 1), test = Suffixes(100, seed: 2);
        Assert.True(Accuracy("Tokens", "Words") > 0.95, "words and characters");
        Assert.True(Accuracy("Words") > 0.95, "characters alone");
        Assert.True(Accuracy("Tokens") < 0.8, "words alone cannot");
        options = TaggedExamples.Quick with { CharacterHiddenSize = 0, SubwordEmbeddingSize = 8 };
        Assert.True(Accuracy("Tokens", "Words") > 0.95, "words and subwords");
        Assert.True(Accuracy("Words") > 0.95, "subwords alone");

        double Accuracy(params string[] features)
        {
            ITransformer model = _ml.TagKeys().Append(_ml.Tagger(options, features))
                .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedTags", "PredictedLabel")).Fit(train);
            return TaggedExamples.Accuracy(test.GetColumn<string[]>("Tags")
                .Zip(_ml.Tag(model, test), (tags, found) => (tags, found.PredictedTags)));
        }
    }

    [Fact]
    public void A_tag_that_depends_on_all_features_needs_all_of_them()
    {
        TestView view = Combined(300);
        Assert.True(Accuracy("Key", "Hot", "Number") > 0.97);
        Assert.True(Accuracy("Number", "Hot", "Key") > 0.97);
        Assert.True(Accuracy("Key", "Number") < 0.9);
        Assert.True(Accuracy("Hot", "Key") < 0.9);

        double Accuracy(params string[] features)
        {
            uint[][] found = [.. _ml.Tagger(TaggedExamples.Quick with { NumberOfEpochs = 20 }, features).Fit(view).Transform(view)
                .GetColumn<uint[]>("PredictedLabel")];
            uint[][] labels = [.. view.GetColumn<uint[]>("Label")];
            return labels.SelectMany(row => row).Zip(found.SelectMany(row => row), (a, b) => a == b ? 1.0 : 0).Average();
        }
    }

    [Theory]
    [InlineData(nameof(TaggingOptions.CharacterHiddenSize))]
    [InlineData(nameof(TaggingOptions.CharacterEmbeddingSize))]
    [InlineData(nameof(TaggingOptions.EmbeddingSize))]
    [InlineData(nameof(TaggingOptions.WordDropout))]
    public void An_option_of_a_feature_changes_the_scores(string option)
    {
        IDataView data = _ml.TagKeys().Fit(Suffixes(40, 1)).Transform(Suffixes(40, 1));
        TaggingOptions changed = option switch
        {
            nameof(TaggingOptions.CharacterHiddenSize) => TaggedExamples.Glance with { CharacterHiddenSize = 9 },
            nameof(TaggingOptions.CharacterEmbeddingSize) => TaggedExamples.Glance with { CharacterEmbeddingSize = 9 },
            nameof(TaggingOptions.EmbeddingSize) => TaggedExamples.Glance with { EmbeddingSize = 9 },
            _ => TaggedExamples.Glance with { WordDropout = 0.3f },
        };
        Assert.NotEqual(TaggingTests.Bits(_ml.Tagger(TaggedExamples.Glance, "Tokens", "Words").Fit(data), data),
            TaggingTests.Bits(_ml.Tagger(changed, "Tokens", "Words").Fit(data), data));
    }

    [Fact]
    public void The_first_column_of_keys_may_start_from_word_vectors()
    {
        IDataView data = _ml.TagKeys().Fit(Suffixes(40, 1)).Transform(Suffixes(40, 1));
        string word = data.GetColumn<string[]>("Words").First(words => words.Length > 0)[0];
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"{word} {string.Join(' ', Enumerable.Range(1, TaggedExamples.Glance.EmbeddingSize))}\n");
            TaggingOptions options =
                TaggedExamples.Glance with { PretrainedVectors = WordVectors.FromFile(file) with { Frozen = true } };
            TaggingTransformer model = _ml.Tagger(options, "Tokens", "Words").Fit(data);
            Assert.InRange(model.Model.WordVectorCoverage!.Value, 1e-3, 0.5);
            Assert.NotEqual(TaggingTests.Bits(_ml.Tagger(TaggedExamples.Glance, "Tokens", "Words").Fit(data), data),
                TaggingTests.Bits(model, data));
            Assert.Contains("PretrainedVectors are of tokens, but 'Words' hold none",
                Assert.Throws<ArgumentException>(() => _ml.Tagger(options, "Words").Fit(data)).Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Training_goes_on_from_a_model_with_its_characters()
    {
        ITransformer keys = _ml.TagKeys().Fit(Suffixes(400, 1));
        IDataView first = keys.Transform(Suffixes(60, 1)), second = keys.Transform(Suffixes(60, 3, letters: "abxyz"));
        TaggingTransformer model = _ml.Tagger(TaggedExamples.Glance, "Tokens", "Words").Fit(first);
        TaggingTransformer more = _ml.Tagger(TaggedExamples.Glance, "Tokens", "Words").Fit(second, null, model.Model);
        Assert.Equal(Letters.Order(), more.Model.Characters.Single().Characters.Select(character => character[0]).Order());
        Assert.NotEqual(TaggingTests.Bits(model, first), TaggingTests.Bits(more, first));
    }

    [Fact]
    public void A_character_seen_once_is_as_unknown_as_one_never_seen()
    {
        IDataView data = _ml.TagKeys().Fit(Suffixes(40, 1)).Transform(Suffixes(40, 1));
        List<TaggedExample> rows = [TaggedExamples.Of("a\u00e9", "", "b")];
        IDataView odd = _ml.TagKeys().Fit(Suffixes(40, 1)).Transform(_ml.Data.LoadFromEnumerable(rows));
        TaggingTransformer model = _ml.Tagger(TaggedExamples.Glance, "Tokens", "Words").Fit(data);
        var keys = new List<uint>();
        model.Model.Characters.Single().Find("a\u00e9", keys);
        Assert.Equal(0u, keys[1]);
        Assert.Single(TaggingTests.Bits(model, odd));
    }

    [Fact]
    public void Features_of_different_lengths_are_refused_with_row_and_lengths()
    {
        TestColumn label = TestColumn.Keys("Label", 2, [1, 2], [2, 1, 1]), keys = TestColumn.Keys("Tokens", 4, [1, 2], [3, 4, 4]);
        TestColumn numbers = TestColumn.Numbers("Numbers", [0, 2], [1, 2, 3, 4], [5, 6, 7, 8]);
        string error = Assert.Throws<InvalidOperationException>(() =>
            _ml.Tagger(TaggedExamples.Glance, "Tokens", "Numbers").Fit(new TestView(label, keys, numbers))).Message;
        Assert.StartsWith("Column 'Numbers', row 1 (counted from 0): it has 2 steps, but 'Tokens' has 3.", error);
        TaggingTransformer model = _ml.Tagger(TaggedExamples.Glance, "Tokens", "Numbers").Fit(new TestView(label, keys,
            TestColumn.Numbers("Numbers", [0, 2], [1, 2, 3, 4], [5, 6, 7, 8, 9, 10])));
        Assert.Contains("it has 2 steps", Assert.Throws<InvalidOperationException>(() =>
            TaggingTests.Bits(model, new TestView(label, keys, numbers))).Message);
    }

    [Fact]
    public void Options_that_do_not_fit_the_features_are_refused()
    {
        IDataView data = _ml.TagKeys().Fit(Suffixes(5, 1)).Transform(Suffixes(5, 1));
        Assert.Contains("TaggingOptions.EmbeddingSize is 0, but where steps have several features ('Tokens', 'Words')",
            Assert.Throws<ArgumentException>(() =>
            _ml.Tagger(TaggedExamples.Glance with { EmbeddingSize = 0 }, "Tokens", "Words").Fit(data)).Message);
        Assert.Contains("TaggingOptions.CharacterHiddenSize and SubwordEmbeddingSize are 0, but column 'Words' is of text",
            Assert.Throws<ArgumentException>(() =>
            _ml.Tagger(TaggedExamples.Glance with { CharacterHiddenSize = 0 }, "Tokens", "Words").Fit(data)).Message);
        Assert.Contains("Column 'Text' is String, but must be a vector of keys (byte, ushort or uint), of Single, or of text.",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Tagger(TaggedExamples.Glance, "Text").Fit(data)).Message);
        var empty = new TestView(TestColumn.Keys("Label", 2, [1, 2]),
            TestColumn.Of("Words", new VectorDataViewType(TextDataViewType.Instance),
                new VBuffer<ReadOnlyMemory<char>>(2, [default, default])));
        Assert.Contains("Column 'Words': no word of the training data has any character.",
            Assert.Throws<InvalidOperationException>(() => _ml.Tagger(TaggedExamples.Glance, "Words").Fit(empty)).Message);
    }

    /// <summary>Sentences of words of four letters, of which the last is the tag.</summary>
    private IDataView Suffixes(int count, int seed, string letters = Letters)
    {
        var random = new Random(seed);
        string Word() => string.Concat(Enumerable.Range(0, 4).Select(_ => letters[random.Next(letters.Length)]));
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            string[] words = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Word())];
            return new TaggedExample { Words = words, Tags = [.. words.Select(word => word[3] < 'd' ? "early" : "late")] };
        }).ToList());
    }

    /// <summary>The label is 2 where an odd number of the three features say so.</summary>
    private static TestView Combined(int count)
    {
        var random = new Random(4);
        int[][] bits =
            [.. Enumerable.Range(0, count)
                .Select(_ => Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(8)).ToArray())];
        return new TestView(
            TestColumn.Keys("Key", 2, [.. bits.Select(row => row.Select(b => 1u + (uint)(b & 1)).ToArray())]),
            TestColumn.Numbers("Hot", [0, 2],
                [.. bits.Select(row => row.SelectMany(b => (b & 2) == 0 ? new float[] { 1, 0 } : [0, 1]).ToArray())]),
            TestColumn.Numbers("Number", [], [.. bits.Select(row => row.Select(b => (b & 4) == 0 ? -0.7f : 0.4f).ToArray())]),
            TestColumn.Keys("Label", 2, [.. bits.Select(row => row.Select(b => 1u + (uint)(int.PopCount(b) & 1)).ToArray())]));
    }
}
