using System.Text;
using SequenceModels.Files;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

/// <summary>Characters cut into code points.</summary>
public class DecomposedTests
{
    private static readonly SequenceTokenization s_decomposed = SequenceTokenization.Characters() with { Decomposed = true };

    [Theory]
    [InlineData("한글 a", "\u1112 \u1161 \u11ab \u1100 \u1173 \u11af   a")]
    [InlineData("하", "\u1112 \u1161")]
    [InlineData("\u00e9\u212b", "e \u0301 A \u030a")]
    [InlineData("q\u0307\u0323", "q \u0323 \u0307")] // marks are ordered
    [InlineData("\U0001d15e\U0001F600", "\U0001d157 \U0001d165 \U0001F600")]
    [InlineData("\r\n\u200b", "\r \n")]
    [InlineData("ㅎㅏ", "ㅎ ㅏ")] // letters of their own, which compose with nothing
    public void Code_points_of_the_decomposed_text(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Tokens(s_decomposed, text)));

    [Fact]
    public void Capitals_go_with_their_marks_left() => Assert.Equal(["e", "\u0301", "i", "\u0307", "\u03c2"],
        Tokens(s_decomposed with { Lowercase = true }, "\u00c9\u0130\u03a3"));

    [Fact]
    public void Half_a_character_is_no_code_point() =>
        Assert.Equal(["\ufffd", "\U0001F600", "\ufffd"], Tokens(s_decomposed, "\udc00\U0001F600\ud83d"));

    /// <summary>However a text was typed, its keys are the same, and it comes back composed.</summary>
    [Fact]
    public void Texts_come_back_as_with_whole_characters()
    {
        foreach (string text in ScriptTexts.All)
        {
            SequenceTokenizer letters = Learn(s_decomposed, text), characters = Learn(SequenceTokenization.Characters(), text);
            Assert.Equal(TextOf(characters, text), TextOf(letters, text));
            Assert.Equal(Keys(letters, text), Keys(letters, TextNormalizer.Normalize(text, TextForm.Composed).ToString()));
        }
    }

    /// <summary>Of every rune: decomposing twice is decomposing once, and composing then is composing at once.</summary>
    [Fact]
    public void Every_rune_is_decomposed_to_the_end()
    {
        foreach (bool lowercase in new[] { false, true })
        {
            TextPreparation letters = TextPreparation.For(TokenKind.CodePoints, lowercase),
                characters = TextPreparation.For(TokenKind.Characters, lowercase);
            for (int value = 0; value <= 0x10ffff; value += value < 0x20000 || (value >> 9) is 0x17c or 0x17d ? 1 : 61)
            {
                if (!Rune.IsValid(value))
                    continue;
                string text = $"a{new Rune(value)}\u0323", prepared = letters.Prepare(text).ToString();
                if (!letters.Prepare(prepared).SequenceEqual(prepared) || !TextNormalizer.Normalize(prepared, TextForm.Composed)
                    .SequenceEqual(characters.Prepare(text)))
                    Assert.Fail($"U+{value:X4}, lower case {lowercase}");
            }
        }
    }

    /// <summary>The letters of a syllable stand where the syllable stands.</summary>
    [Theory]
    [InlineData("a한\u00e9", "0+1 1+1 1+1 1+1 2+1 2+1")]
    [InlineData("e\u0301\u1112\u1161", "0+1 1+1 2+1 3+1")]
    [InlineData("\U0001d15e\u200bx", "0+2 0+2 3+1")]
    public void Places_are_those_in_the_text_that_was_given(string text, string expected)
    {
        SequenceTokenizer tokenizer = Learn(s_decomposed, text);
        List<uint> keys = [];
        List<TokenOffset> places = [];
        tokenizer.Encode(text, tokenizer.CreateEncoder(), keys, places);
        Assert.Equal(expected, string.Join(' ', places.Select(place => $"{place.Start}+{place.Length}")));
    }

    /// <summary>In whatever order a model writes them, code points become the text that all of them together are.</summary>
    [Fact]
    public void Any_order_of_code_points_is_composed()
    {
        string[] tokens = ["\u1112", "\u1161", "\u11ab", "e", "\u0301", "\u0323", " ", "<s>"];
        var detokenizer = new Detokenizer(new Detokenization(DetokenizationKind.CodePoints, 0), tokens);
        var random = new Random(2);
        for (int row = 0; row < 200; row++)
        {
            uint[] keys = [.. Enumerable.Range(0, random.Next(12)).Select(_ => (uint)random.Next(tokens.Length + 1))];
            string plain = string.Concat(keys.Select(key => key == 0 ? "\ufffd" : tokens[key - 1]));
            Assert.Equal(TextNormalizer.Normalize(plain, TextForm.Composed).ToString(), detokenizer.TextOf(keys));
        }
        Assert.Equal("한é", detokenizer.TextOf([1, 2, 3, 4, 5]));
    }

    [Fact]
    public void It_is_saved_and_loaded()
    {
        SequenceTokenizer tokenizer = Learn(s_decomposed with { StartToken = true, EndToken = true, MaximumLength = 6 }, "한글");
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, "TOKENIZE", 1, tokenizer.Write);
        stream.Position = 0;
        SequenceTokenizer loaded = SealedPayload.Read(stream, "TOKENIZE", 1, SequenceTokenizer.Read);
        Assert.Equal(tokenizer.Tokenization, loaded.Tokenization);
        Assert.True(loaded.Tokenization.Decomposed);
        Assert.Equal(Keys(tokenizer, "글한한"), Keys(loaded, "글한한"));
        Assert.Equal("글ᄒ", TextOf(loaded, "글한한")); // cut within a syllable
    }

    [Fact]
    public void Only_characters_are_cut_into_code_points()
    {
        foreach (SequenceTokenization other in new[] { SequenceTokenization.Words(), SequenceTokenization.Whitespace(),
            SequenceTokenization.Subwords() })
            Assert.Contains("SequenceTokenization.Decomposed must be false but for Characters",
                Assert.Throws<ArgumentOutOfRangeException>(() => (other with { Decomposed = true }).Validated()).Message,
                StringComparison.Ordinal);
        Assert.Equal(["1", "2", "\u1100"], Tokens(s_decomposed, "12ᄀ"));
        Assert.Equal(["0", "0", "\u1100"], Learn(s_decomposed with { NormalizeDigits = true }, "12ᄀ") is { } tokenizer
            ? Keys(tokenizer, "12ᄀ").Select(key => tokenizer.Vocabulary.Tokens[(int)key - 1]) : []);
    }

    private static IEnumerable<string> Tokens(SequenceTokenization tokenization, string text)
    {
        SequenceTokenizer tokenizer = Learn(tokenization, text);
        return Keys(tokenizer, text).Select(key => tokenizer.Vocabulary.Tokens[(int)key - 1]);
    }

    private static string TextOf(SequenceTokenizer tokenizer, string text) =>
        tokenizer.CreateDetokenizer().TextOf([.. Keys(tokenizer, text)]);

    private static List<uint> Keys(SequenceTokenizer tokenizer, string text)
    {
        List<uint> keys = [];
        tokenizer.Encode(text, tokenizer.CreateEncoder(), keys);
        return keys;
    }

    private static SequenceTokenizer Learn(SequenceTokenization tokenization, string text)
    {
        var learner = new TokenizerLearner(tokenization);
        learner.Add(text);
        learner.Add("x"); // there is something to learn in any case
        return learner.Finish()!;
    }
}
