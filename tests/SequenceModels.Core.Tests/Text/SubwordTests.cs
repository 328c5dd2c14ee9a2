using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public partial class SubwordTests
{
    private static readonly SequenceTokenizer s_tokenizer = Learn(400, ScriptTexts.All);

    [Fact]
    public void Any_text_comes_back_byte_for_byte_in_its_composed_form()
    {
        SequenceTokenizer little = Learn(260, ["nothing much"]);
        foreach (SequenceTokenizer tokenizer in new[] { s_tokenizer, little })
            foreach (string text in ScriptTexts.All.Append("new words 123 \U0001F600\u0600"))
            {
                uint[] keys = Keys(tokenizer, text);
                Assert.DoesNotContain(0u, keys);
                Assert.Equal(Composed(text), tokenizer.CreateDetokenizer().TextOf(keys));
            }
    }

    [Fact]
    public void Ids_are_those_of_the_library_by_the_same_merges()
    {
        BytePairMerges merges = Merges(400, ScriptTexts.All);
        var library = BpeTokenizer.Create(new BpeOptions(merges.Tokens.Select((token, id) => KeyValuePair.Create(token, id)))
        {
            Merges = MergeLines.Of(merges),
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(Pattern(), null),
        });
        int compared = 0;
        foreach (string text in ScriptTexts.All.Select(Composed))
        {
            // The library's pattern sees halves of the characters beyond the Basic Multilingual Plane.
            if (text.Length == 0 || text.Any(char.IsSurrogate))
                continue;
            Assert.Equal(library.EncodeToIds(text).Select(id => (uint)id + 1), Keys(s_tokenizer, text));
            compared++;
        }
        Assert.True(compared > 100);
    }

    [Fact]
    public void A_token_covers_the_characters_that_it_has_bytes_of()
    {
        foreach (string given in ScriptTexts.All)
        {
            string text = Composed(given);
            var keys = new List<uint>();
            var places = new List<TokenOffset>();
            s_tokenizer.Encode(text, s_tokenizer.CreateEncoder(), keys, places);
            Assert.Equal(keys, Keys(s_tokenizer, given));
            int done = 0;
            foreach ((uint key, TokenOffset place) in keys.Zip(places))
            {
                byte[] bytes = ByteAlphabet.ToBytes(s_tokenizer.Vocabulary.Tokens[(int)key - 1])!;
                byte[] slice = Encoding.UTF8.GetBytes(text.Substring(place.Start, place.Length));
                int skipped = done - Encoding.UTF8.GetByteCount(text.AsSpan(0, place.Start));
                Assert.Equal(bytes, slice.AsSpan(skipped, bytes.Length).ToArray());
                // Neither end could be drawn in by a character.
                Assert.True(skipped >= 0 && skipped < 4 && slice.Length - skipped - bytes.Length < 4);
                done += bytes.Length;
            }
            Assert.Equal(Encoding.UTF8.GetByteCount(text), done);
        }
    }

    [Fact]
    public void Words_go_together_with_the_space_before_them()
    {
        string[] texts = ["the cat the cat", "the cat", "a the"];
        SequenceTokenizer tokenizer = Learn(300, texts);
        Assert.Equal(["the", "\u0120cat", "\u0120the", "\u0120cat"], Keys(tokenizer, texts[0])
            .Select(key => tokenizer.Vocabulary.Tokens[(int)key - 1]));
    }

    [Theory]
    [InlineData("it's we'll  two\n\n x", "it|'s| we|'ll| | two|\n\n| x")]
    [InlineData("a 12b!? $x  ", "a| 12|b|!?| $|x|  ")]
    [InlineData("\u0939\u093f\u0928\u094d\u0926\u0940 \u0301x", "\u0939\u093f\u0928\u094d\u0926\u0940| \u0301x")]
    [InlineData("'", "'")]
    [InlineData("\U00010400x\U0001F600", "\U00010400x|\U0001F600")]
    [InlineData("\t a", "\t| a")]
    public void Texts_are_cut_into_words(string text, string expected)
    {
        var words = new BytePairWords(text, marksInWords: true);
        var found = new List<string>();
        while (words.MoveNext())
            found.Add(words.Current.ToString());
        Assert.Equal(expected, string.Join('|', found));
    }

    [Fact]
    public void A_word_as_long_as_a_book_takes_no_quadratic_time()
    {
        string dna = string.Concat(Enumerable.Range(0, 300_000).Select(i => "ACGT"[(int)(i * 2654435761L >> 7 & 3)]));
        SequenceTokenizer tokenizer = Learn(500, [dna]);
        Assert.Equal(dna, tokenizer.CreateDetokenizer().TextOf(Keys(tokenizer, dna)));
    }

    [Fact]
    public void Special_tokens_come_first_and_the_length_is_kept()
    {
        SequenceTokenization tokenization =
            SequenceTokenization.Subwords(257) with { StartToken = true, EndToken = true, MaximumLength = 4 };
        var learning = new TokenizerLearner(tokenization.Validated());
        learning.Add("abab");
        SequenceTokenizer tokenizer = learning.Finish()!;
        Assert.Equal(259, tokenizer.Vocabulary.Tokens.Count);
        uint[] keys = Keys(tokenizer, "abababab");
        Assert.Equal([1, 259, 259, 2], keys);
        Assert.Equal("abab", tokenizer.CreateDetokenizer().TextOf(keys));
        Assert.Equal<uint>([1, 259, 259, 259, 259], tokenizer.EncodePrompt("abababab"));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(0)]
    [InlineData(1_000_001)]
    public void Sizes_out_of_range_are_named(int size) =>
        Assert.Contains("SequenceTokenization.MaximumVocabularySize must be between 257",
        Assert.Throws<ArgumentOutOfRangeException>(() => SequenceTokenization.Subwords(size)).Message);

    [Fact]
    public void Places_are_those_in_a_text_that_is_not_composed()
    {
        SequenceTokenizer tokenizer = Learn(300, ["\u00e9t\u00e9 \ud55c", "\u00e9t\u00e9 \ud55c"]);
        var places = new List<TokenOffset>();
        tokenizer.Encode("e\u0301te\u0301 \u1112\u1161\u11ab", tokenizer.CreateEncoder(), [], places);
        Assert.Equal([new(0, 5), new(5, 4)], places);
    }

    private static string Composed(string text) =>
        TextPreparation.For(TokenKind.Subwords, lowercase: false).Prepare(text).ToString();

    private static BytePairMerges Merges(int size, IEnumerable<string> texts)
    {
        var counts = new TokenCounts();
        foreach (string text in texts)
        {
            var words = new BytePairWords(TextPreparation.For(TokenKind.Subwords, false).Prepare(text), marksInWords: true);
            while (words.MoveNext())
                counts.Add(words.Current);
        }
        return BytePairLearner.Learn(counts.All, size, 2);
    }

    private static SequenceTokenizer Learn(int size, IEnumerable<string> texts)
    {
        var learning = new TokenizerLearner(SequenceTokenization.Subwords(size));
        foreach (string text in texts)
            learning.Add(text);
        return learning.Finish()!;
    }

    private static uint[] Keys(SequenceTokenizer tokenizer, string text)
    {
        var keys = new List<uint>();
        tokenizer.Encode(text, tokenizer.CreateEncoder(), keys);
        return [.. keys];
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Pattern();
}
