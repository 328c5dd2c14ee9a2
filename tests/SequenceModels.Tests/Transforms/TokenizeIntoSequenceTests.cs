using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Transforms;

public class TokenizeIntoSequenceTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Words_of_any_script_stand_apart_from_the_rest()
    {
        IDataView tokens = Tokenize(null, "한국어 문장, e\u0301te\u0301!", "Été 👩‍👩‍👧 99km");
        Assert.Equal([["한국어", "문장", ",", "été", "!"], ["été", "👩‍👩‍👧", "99km"]], tokens.Tokens("Tokens"));
    }

    [Fact]
    public void Whitespace_alone_cuts_and_case_stays() =>
        Assert.Equal([["C#m7", "(F", "G)"]], Tokenize(SequenceTokenization.Whitespace(), " C#m7  (F\tG) ").Tokens("Tokens"));

    [Fact]
    public void Characters_are_what_a_reader_sees() =>
        Assert.Equal([["한", "글", " ", "👩‍👩‍👧", "\u00e9"]], Tokenize(SequenceTokenization.Characters(), "한글 👩‍👩‍👧e\u0301")
            .Tokens("Tokens"));

    [Fact]
    public void Keys_follow_counts_then_ordinal_text_whatever_the_order_of_rows()
    {
        string[] rows = ["b c", "a b", "B d a"];
        string[] expected = ["b", "a", "c", "d"];
        Assert.Equal(expected, Tokenize(null, rows).KeyValues("Tokens"));
        Assert.Equal(expected, Tokenize(null, [.. rows.Reverse()]).KeyValues("Tokens"));
    }

    [Fact]
    public void An_unseen_token_is_key_0_and_an_empty_text_has_no_token()
    {
        var model = Estimator(null).Fit(View("a b"));
        Assert.Equal([["a", "?", "b"], [], []], model.Transform(View("a z b", "", null!)).Tokens("Tokens"));
    }

    [Fact]
    public void Rare_tokens_and_those_beyond_the_size_are_unknown()
    {
        Assert.Equal([["a", "a", "?"]], Tokenize(SequenceTokenization.Words(minimumCount: 2), "a a b").Tokens("Tokens"));
        Assert.Equal([["a", "a", "?"]], Tokenize(SequenceTokenization.Words(maximumVocabularySize: 1), "a a b").Tokens("Tokens"));
    }

    [Fact]
    public void Start_and_end_are_keys_1_and_2_and_a_literal_is_another_token()
    {
        IDataView tokens = Tokenize(SequenceTokenization.Whitespace() with { StartToken = true, EndToken = true }, "<s> a", "");
        Assert.Equal([[1, 3, 4, 2], [1, 2]], tokens.Vectors<uint>("Tokens"));
        Assert.Equal(["<s>", "</s>", "<s>", "a"], tokens.KeyValues("Tokens"));
    }

    [Fact]
    public void The_maximum_length_cuts_the_end_but_keeps_the_end_token() =>
        Assert.Equal([["a", "b", "</s>"], ["a", "</s>"]],
            Tokenize(SequenceTokenization.Words() with { EndToken = true, MaximumLength = 3 }, "a b c d", "a").Tokens("Tokens"));

    [Fact]
    public void Tokens_cut_elsewhere_are_taken_as_they_are()
    {
        IDataView data = View("play Some jazz", "", "more");
        IDataView cut = _ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Fit(data).Transform(data);
        IDataView tokens = _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Words").Fit(cut).Transform(cut);
        Assert.Equal(Tokenize(SequenceTokenization.Whitespace(lowercase: true), "play Some jazz", "", "more").Tokens("Tokens"),
            tokens.Tokens("Tokens"));
    }

    [Fact]
    public void A_text_of_ten_thousand_tokens_keeps_them_all() =>
        Assert.Equal(10_000, Tokenize(null, string.Join(' ', Enumerable.Repeat("la", 10_000))).Tokens("Tokens")[0].Length);

    [Fact]
    public void Nothing_to_learn_is_refused_with_the_column()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Tokenize(SequenceTokenization.Words(minimumCount: 3), "a b"));
        Assert.StartsWith("Column 'Text' has no token that occurs at least 3 times", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_option_is_named()
    {
        var error =
            Assert.Throws<ArgumentOutOfRangeException>(() => Estimator(SequenceTokenization.Words() with { MaximumLength = -1 }));
        Assert.Contains("SequenceTokenization.MaximumLength must be", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offsets_slice_the_original_text()
    {
        string text = " E\u0301te\u0301, \u1112\u1161\u11ab 👩‍👩‍👧!";
        var model = _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", offsetsColumnName: "Offsets").Fit(View(text));
        IDataView tokens = model.Transform(View(text, "", "x Ete"));
        Assert.Equal([0, 2], tokens.Dimensions("Offsets"));
        int[][] offsets = tokens.Vectors<int>("Offsets");
        Assert.Equal(["E\u0301te\u0301", ",", "\u1112\u1161\u11ab", "👩‍👩‍👧", "!"],
            offsets[0].Chunk(2).Select(place => text.Substring(place[0], place[1])));
        Assert.Equal([[], [0, 1, 2, 3]], offsets[1..]);
        Assert.Equal([["été", ",", "한", "👩‍👩‍👧", "!"], [], ["?", "?"]], tokens.Tokens("Tokens"));
    }

    [Fact]
    public void Offsets_of_tokens_that_are_cut_already_are_refused()
    {
        IDataView data = View("a b");
        IDataView cut = _ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Fit(data).Transform(data);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Words", offsetsColumnName: "Offsets").Fit(cut));
        Assert.Contains("'Words' is a vector of tokens cut already", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Offsets'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Subwords", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Words", SequenceTokenization.Subwords()).Fit(cut)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text",
            offsetsColumnName: "Tokens"));
    }

    [Fact]
    public void A_tokenizer_that_hides_its_places_gives_no_offsets_and_cannot_be_saved()
    {
        var tokenizer = Microsoft.ML.Tokenizers.BpeTokenizer.Create(new Microsoft.ML.Tokenizers.BpeOptions(
            new Dictionary<string, int> { ["a"] = 0, ["b"] = 1 })
        { Normalizer = Microsoft.ML.Tokenizers.LowerCaseNormalizer.Instance });
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", SequenceTokenization.From(tokenizer), "Offsets"));
        Assert.Contains("LowerCaseNormalizer", error.Message, StringComparison.Ordinal);
        IDataView data = View("aB b");
        SequenceTokenizingTransformer model = Estimator(SequenceTokenization.From(tokenizer)).Fit(data);
        Assert.Equal([["a", "b", "b"]], model.Transform(data).Tokens("Tokens"));
        Exception saving = Assert.ThrowsAny<Exception>(() => _ml.Model.Save(model, data.Schema, Stream.Null)).GetBaseException();
        Assert.Contains("SequenceTokenization.BytePair", Assert.IsType<NotSupportedException>(saving).Message,
            StringComparison.Ordinal);
    }

    private SequenceTokenizingEstimator Estimator(SequenceTokenization? tokenization) =>
        _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", tokenization);

    private IDataView Tokenize(SequenceTokenization? tokenization, params string[] texts) =>
        Estimator(tokenization).Fit(View(texts)).Transform(View(texts));

    private IDataView View(params string[] texts) =>
        _ml.Data.LoadFromEnumerable(texts.Select(text => new Row { Text = text }).ToArray());

    private sealed class Row
    {
        public string? Text { get; set; }
    }
}
