using System.Buffers;
using Microsoft.ML.Tokenizers;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class SequenceTokenizerTests
{
    private static readonly string[] Known = ["the", "cat", "sat", "\ud55c", "\u00e9t\u00e9"];

    [Fact]
    public void Unknown_tokens_have_key_0() =>
        Assert.Equal<uint>([1, 2, 0, 3], Keys(SequenceTokenization.Words(), "The cat, SAT"));

    [Fact]
    public void Words_are_composed_and_lowered_first()
    {
        Assert.Equal<uint>([4, 5], Keys(SequenceTokenization.Words(), "\u1112\u1161\u11ab E\u0301TE\u0301"));
        Assert.Equal<uint>([4, 0], Keys(SequenceTokenization.Words(lowercase: false), "\u1112\u1161\u11ab E\u0301TE\u0301"));
        Assert.Equal<uint>([4, 1], Keys(SequenceTokenization.Whitespace(), "\u1112\u1161\u11ab the"));
    }

    [Theory]
    [InlineData("\u0130", "i\u0307")]     // dotted capital I keeps its dot
    [InlineData("I", "i")]
    [InlineData("\u03a3", "\u03c3")]
    [InlineData("\u00c7\u011e", "\u00e7\u011f")]
    [InlineData("\ud55c\uae00", "\ud55c\uae00")]
    [InlineData("\U00010400", "\U00010428")]
    public void Lowering_follows_no_culture(string text, string expected) =>
        Assert.Equal(expected, TextPreparation.For(TokenKind.Words, lowercase: true).Prepare(text).ToString());

    [Fact]
    public void Half_a_character_is_what_a_file_would_make_of_it()
    {
        var preparation = TextPreparation.For(TokenKind.Characters, lowercase: false);
        Assert.Equal("\ufffd", preparation.Prepare("\ud83d"));
        Assert.Equal("a\ufffd\ufffdb", preparation.Prepare("a\udc00\ud800b"));
        Assert.Equal("\ud83d\ude00\ufffd", preparation.Prepare("\ud83d\ude00\ud83d"));
    }

    [Theory]
    [InlineData(false, false, 0, "3 4")]
    [InlineData(true, true, 0, "1 5 6 2")]
    [InlineData(true, false, 2, "1 4")]
    [InlineData(false, true, 2, "4 1")]
    [InlineData(true, true, 3, "1 5 2")]
    [InlineData(true, true, 4, "1 5 6 2")]
    public void The_end_is_cut_and_the_end_token_kept(bool start, bool end, int length, string expected)
    {
        SequenceTokenization tokenization =
            SequenceTokenization.Words() with { StartToken = start, EndToken = end, MaximumLength = length };
        Assert.Equal(expected, string.Join(' ', Keys(tokenization, "sat \ud55c")));
    }

    [Fact]
    public void Tokens_cut_elsewhere_are_normalised_but_not_cut_again()
    {
        SequenceTokenizer tokenizer = Make(SequenceTokenization.Words() with { EndToken = true, MaximumLength = 4 });
        var keys = new List<uint>();
        tokenizer.Encode([.. new[] { "The", "the cat", "", "cat", "sat" }.Select(token => token.AsMemory())],
            tokenizer.CreateEncoder(), keys);
        Assert.Equal<uint>([2, 0, 0, 1], keys);
    }

    [Fact]
    public void As_a_tokenizer_it_tells_the_places_of_tokens()
    {
        Tokenizer tokenizer = Make(SequenceTokenization.Words() with { StartToken = true, EndToken = true });
        IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens("The big cat", out string? normalized);
        Assert.Null(normalized);
        Assert.Equal([(1, "<s>", 0..0), (3, "the", 0..3), (0, "big", 4..7), (4, "cat", 8..11), (2, "</s>", 11..11)],
            tokens.Select(token => (token.Id, token.Value, token.Offset)));
        Assert.Equal([1, 3, 0, 4, 2], tokenizer.EncodeToIds("The big cat"));
        Assert.Equal(5, tokenizer.CountTokens("The big cat"));
        Assert.Equal([1, 3], tokenizer.EncodeToIds("The big cat", maxTokenCount: 2, out _, out int consumed));
        Assert.Equal(3, consumed);
    }

    [Fact]
    public void Keys_decode_to_words_or_characters()
    {
        Assert.Equal("the \ufffd cat", Make(SequenceTokenization.Words() with { StartToken = true, EndToken = true })
            .Decode([1, 3, 0, 4, 2]));
        Assert.Equal("catthe", Make(SequenceTokenization.Characters()).Decode([2, 1]));
        Assert.Equal(OperationStatus.InvalidData, Make(SequenceTokenization.Words()).Decode([9], new char[9], out _, out _));
        Assert.Equal(OperationStatus.DestinationTooSmall, Make(SequenceTokenization.Words())
            .Decode([1, 2], new char[5], out int ids, out int chars));
        Assert.Equal((1, 3), (ids, chars));
    }

    [Theory]
    [InlineData(-1, 1, 0, false, "MaximumVocabularySize")]
    [InlineData(0, 0, 0, false, "MinimumCount")]
    [InlineData(0, 1, -1, false, "MaximumLength")]
    [InlineData(0, 1, 2, true, "MaximumLength")]
    public void Options_out_of_range_are_named(int size, int count, int length, bool special, string name)
    {
        SequenceTokenization tokenization = SequenceTokenization.Words() with
        {
            MaximumVocabularySize = size,
            MinimumCount = count,
            MaximumLength = length,
            StartToken = special,
            EndToken = special,
        };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => tokenization.Validated());
        Assert.Contains($"SequenceTokenization.{name} must be", error.Message);
    }

    [Fact]
    public void Factories_check_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceTokenization.Words(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceTokenization.Whitespace(minimumCount: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceTokenization.Characters(-5));
    }

    private static SequenceTokenizer Make(SequenceTokenization tokenization) =>
        new(tokenization.Validated(), new Vocabulary(tokenization.StartToken, tokenization.EndToken, Known));

    private static uint[] Keys(SequenceTokenization tokenization, string text)
    {
        SequenceTokenizer tokenizer = Make(tokenization);
        var keys = new List<uint> { 77 };
        tokenizer.Encode(text, tokenizer.CreateEncoder(), keys);
        return [.. keys];
    }
}
