using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Xunit;

namespace SequenceModels.Tests.Transforms;

/// <summary>What Fit says of texts that are likely not what they were taken for.</summary>
public class TokenizeWarningsTests
{
    private const string Story = "The boat went out to sea. The crew was glad, and the sea was calm. A man sat at the bow and " +
        "sang. Nobody knew the song. When the wind came up they set the sails. The boat ran before the wind all night. In the " +
        "morning they saw the coast. It was low and green. The man at the bow stood up. He did not sing any more. They came " +
        "home on the next day.";

    private readonly MLContext _ml = new(1);
    private readonly List<string> _warnings = [];

    public TokenizeWarningsTests() => _ml.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Warning)
            _warnings.Add(e.RawMessage);
    };

    [Fact]
    public void Elements_without_a_visible_character_are_counted_and_stay_unknown_steps()
    {
        IDataView rows = Words(["fine", "boat", "here", "", " "], ["weak", " boat ", "\u200b", "\ufeffhere"], ["fine", "boat"]);
        SequenceTokenizingTransformer model = _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Words").Fit(rows);
        Assert.Equal(["boat", "fine", "here", "weak"], model.Vocabulary);
        Assert.Equal([["fine", "boat", "here", "?", "?"], ["weak", "boat", "?", "here"], ["fine", "boat"]],
            model.Transform(rows).Tokens("Tokens"));
        Assert.Contains("Column 'Words': 3 elements are empty, in 2 rows", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void White_space_is_a_character_among_characters()
    {
        IDataView rows = Words(["a", " ", "b", ""]);
        SequenceTokenizingTransformer model = _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Words",
            SequenceTokenization.Characters()).Fit(rows);
        Assert.Equal([["a", " ", "b", "?"]], model.Transform(rows).Tokens("Tokens"));
        Assert.Contains("1 element is empty, in 1 row.", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_without_characters_are_counted_for_taggers_too()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6)
            .Select(_ => new Row { Words = ["go", "", "home"], Tags = ["a", "b", "a"] }));
        _ml.Transforms.Conversion.MapValueToKey("Label", "Tags").Append(_ml.Sequences().Tagging.Trainers.Gru("Label", ["Words"],
            new() { HiddenSize = 4, CharacterHiddenSize = 4, CharacterEmbeddingSize = 4, NumberOfEpochs = 1 })).Fit(rows);
        Assert.Contains("Column 'Words': 6 elements are empty, in 6 rows", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_nearly_all_occur_once_are_no_words()
    {
        Fit(SequenceTokenization.Words(), [.. Enumerable.Range(0, 24).Select(i => $"\u6d77\u5f88\u597d{(char)('\u4e00' + i)}")]);
        Assert.Contains("Column 'Text': 24 of 24 words that SequenceTokenization.Words found occur a single time",
            Assert.Single(_warnings), StringComparison.Ordinal);
        Fit(SequenceTokenization.Whitespace(), [.. Enumerable.Range(0, 20).Select(i => $"id{i} , same{i} !")]);
        Assert.Contains("40 of 40 words that SequenceTokenization.Whitespace found", _warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_tokenization_is_given_such_words_are_cut_into_characters()
    {
        string[] names = [.. Enumerable.Range(0, 24).Select(i => $"anna{(char)('a' + i)}berg")];
        SequenceTokenizingTransformer model = Fit(null, names);
        Assert.Empty(_warnings);
        Assert.Equal(SequenceTokenization.Characters(), model.Tokenization);
        Assert.Contains("b", model.Vocabulary);
        Assert.Equal(SequenceTokenization.Words(), Fit(null, Story.Split(". ")).Tokenization);
        // words that are cut already stay as they are
        Assert.Equal(24, _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Words").Fit(Words([.. names.Select(name =>
            new[] { name })])).Vocabulary.Count);
    }

    /// <summary>As in Korean: the stems come again, with other particles.</summary>
    [Fact]
    public void Words_of_many_forms_are_cut_into_subwords_and_long_texts_without_spaces_too()
    {
        string[] stems = ["영화", "배우", "음악", "사람", "이야기"];
        string[] texts = [.. Enumerable.Range(0, 40).Select(i =>
            string.Join(' ', stems.Concat(stems).Take(9).Select((stem, k) => $"{stem}{(char)('가' + 9 * i + k)}")) + " 좋다")];
        SequenceTokenizingTransformer model = Fit(null, texts);
        Assert.Equal(SequenceTokenization.Subwords(1_000), model.Tokenization);
        string[] pages = [.. Enumerable.Range(0, 24).Select(i => string.Concat(Enumerable.Range(0, 300)
            .Select(k => (char)('一' + (k * k + 31 * i) % 500))))];
        Assert.Equal(SequenceTokenization.Subwords(4_000), Fit(null, pages).Tokenization);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Ordinary_texts_are_not_warned_of()
    {
        Fit(null, Story.Split(". "));
        Fit(SequenceTokenization.Whitespace(), Story.Split(". "));
        Fit(null, "Three short texts of many different words", "which nobody wrote twice, not even here",
            "since they serve as some little demonstration alone");
        Fit(null, [.. Enumerable.Range(0, 9).Select(i => $"only{i} rare{i} words{i}")]);
        Fit(SequenceTokenization.Characters(), [.. Enumerable.Range(0, 24).Select(i => $"{(char)('\u4e00' + i)}")]);
        Fit(SequenceTokenization.Subwords(300), [.. Enumerable.Range(0, 24).Select(i => $"\u6d77{(char)('\u4e00' + i)}")]);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void What_a_reader_takes_for_one_word_is_one()
    {
        foreach (SequenceTokenization tokenization in new[] { SequenceTokenization.Words(), SequenceTokenization.Whitespace() })
        {
            IDataView keys = Transform(tokenization, "sea", "\ufeffsea", "sea\u200b", "se\u00ada", "\u2066sea\u2069");
            Assert.All(keys.GetColumn<uint[]>("Tokens"), row => Assert.Equal([1u], row));
        }
        foreach (SequenceTokenization tokenization in new[] { SequenceTokenization.Words(), SequenceTokenization.Whitespace(),
            SequenceTokenization.Characters(),
            SequenceTokenization.Subwords(280) })
        {
            uint[][] keys = [.. Transform(tokenization, "th\u00e9 vert", "the\u0301 vert").GetColumn<uint[]>("Tokens")];
            Assert.Equal(keys[0], keys[1]);
            Assert.DoesNotContain(0u, keys[1]);
        }
    }

    private SequenceTokenizingTransformer Fit(SequenceTokenization? tokenization, params string[] texts) =>
        _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", tokenization).Fit(Texts(texts));

    private IDataView Transform(SequenceTokenization tokenization, params string[] texts) =>
        Fit(tokenization, texts).Transform(Texts(texts));

    private IDataView Texts(string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }));

    private IDataView Words(params string[][] rows) =>
        _ml.Data.LoadFromEnumerable(rows.Select(words => new Row { Words = words }));

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string[] Words { get; set; } = [];

        public string[] Tags { get; set; } = [];
    }
}
