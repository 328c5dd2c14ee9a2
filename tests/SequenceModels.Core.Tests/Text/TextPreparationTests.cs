using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

/// <summary>What is alike to a reader is alike to a tokenizer.</summary>
public class TextPreparationTests
{
    private const string Kiss = "\U0001F469\u200d\u2764\ufe0f\u200d\U0001F48B\u200d\U0001F468";
    private const string England = "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F";

    public static TheoryData<string> Learned => ["Words", "Whitespace", "Characters", "Subwords"];

    [Theory, MemberData(nameof(Learned))]
    public void Canonically_equal_texts_are_one(string kind)
    {
        var preparation = TextPreparation.For(Enum.Parse<TokenKind>(kind), lowercase: false);
        foreach (string[] same in (string[][])[["th\u00e9 \u00c9", "the\u0301 E\u0301"],
            ["\u1112\u1161\u11ab", "\ud558\u11ab", "\ud55c"],
            ["\u0958", "\u0915\u093c"], ["q\u0307\u0323", "q\u0323\u0307"], ["\u212b", "\u00c5", "A\u030a"], ["\uf900", "\u8c48"],
                ["\u0344", "\u0308\u0301"]])
            Assert.Single(same.Select(text => preparation.Prepare(text).ToString()).Distinct());
    }

    [Fact]
    public void Every_invisible_character_is_left_out_of_words_and_characters()
    {
        TokenKind[] kinds = [TokenKind.Words, TokenKind.Whitespace, TokenKind.Characters];
        int count = 0;
        for (int value = 0; value <= 0x10ffff; value++)
        {
            if (!Rune.IsValid(value) || Rune.IsWhiteSpace(new Rune(value)) || Rune.GetUnicodeCategory(new Rune(value)) is not
                (UnicodeCategory.Control or UnicodeCategory.Format))
                continue;
            count++;
            foreach (TokenKind kind in kinds)
                Assert.Equal("sea side", TextPreparation.For(kind, lowercase: false)
                    .Prepare($"{new Rune(value)}se{new Rune(value)}a{new Rune(value)} side").ToString());
        }
        Assert.InRange(count, 150, 1_000);
        foreach (TokenKind kind in kinds)
            Assert.Equal("\t\n\r\u0085\u00a0\u2028\u3000", TextPreparation.For(kind, false)
                .Prepare("\t\n\r\u0085\u00a0\u2028\u3000"));
        Assert.Equal("\ufeffse\u00ada\0", TextPreparation.For(TokenKind.Subwords, false).Prepare("\ufeffse\u00ada\0"));
    }

    [Theory]
    [InlineData("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")]                     // Persian, between letters
    [InlineData("\u0915\u094d\u200d\u0937")]                                            // a half form, behind a virama
    [InlineData("\u0d05\u0d35\u0d28\u0d4d\u200d")]                                      // Malayalam, at a word's end
    [InlineData(Kiss)]
    [InlineData(England)]
    [InlineData("\U0001F3F4\u200d\u2620\ufe0f")]
    [InlineData("\U0001F642\u200d\u2194\ufe0f")]
    [InlineData("\U0001F469\U0001F3FD\u200d\U0001F680")]
    public void Joiners_and_tags_stay_where_they_join(string element)
    {
        var preparation = TextPreparation.For(TokenKind.Words, lowercase: true);
        Assert.Equal($"a {element} b", preparation.Prepare($"a {element} b"));
        var ranges = new TokenRanges(preparation.Prepare($"\u200d{element}\u200b\u2060"), TokenKind.Words);
        Assert.True(ranges.MoveNext());
        Assert.Equal(element, ranges.Current);
        Assert.False(ranges.MoveNext());
    }

    [Theory]
    [InlineData("Auf\u200clage", "auflage")]                                             // keeps a ligature apart; no other word
    [InlineData("\u0645\u200c ", "\u0645 ")]
    [InlineData("\u0645\u06cc\u200c\u200c\u062e", "\u0645\u06cc\u200c\u062e")]
    [InlineData("\U0001F600\u200d!", "\U0001F600!")]
    [InlineData("\U0001F600\U000E0041", "\U0001F600")]
    [InlineData("\u200f\u05d0\u200e \u202aab\u202c", "\u05d0 ab")]
    // nothing stands between letter and accent
    [InlineData("e\u00ad\u0301", "\u00e9")]
    [InlineData("a\ufeff\u0301\u200b\u0323", "\u1ea1\u0301")]
    [InlineData("\u0130ZM\u0130R I\u0307 \u0130\u0323", "i\u0307zmi\u0307r i\u0307 \u1ecb\u0307")]
    [InlineData("T\u0308 t\u0308", "\u1e97 \u1e97")]                                     // only the small one is one character
    [InlineData("\u039f\u0394\u039f\u03a3 \u03c3\u03a3, \u03a3", "\u03bf\u03b4\u03bf\u03c2 \u03c3\u03c2, \u03c3")]
    [InlineData("\u03a3\u03a3\u0301'\u03b1", "\u03c3\u03c3\u0301'\u03b1")]
    [InlineData("\u1f88 \u0391\u0313\u0345", "\u1f80 \u1f80")]
    [InlineData("\u2126\u212a\u1e9e\U00010400\ua7ae", "\u03c9k\u00df\U00010428\u026a")]
    [InlineData("ASCII only", "ascii only")]
    [InlineData("ASCII, \u65e5 AND \u00c9 and \u042f \U00010400A", "ascii, \u65e5 and \u00e9 and \u044f \U00010428a")]
    [InlineData("plain \u65e5\u672c caf\u00e9", "plain \u65e5\u672c caf\u00e9")]
    public void Words(string text, string expected) =>
        Assert.Equal(expected, TextPreparation.For(TokenKind.Words, lowercase: true).Prepare(text).ToString());

    /// <summary>The checksum is that of the same texts lowered by another implementation (Unicode 14).</summary>
    [Fact]
    public void Every_rune_is_lowered_as_the_standard_says()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var preparation = TextPreparation.For(TokenKind.Subwords, lowercase: true);
        for (int value = 0; value <= 0x1ffff; value++)
            if (Rune.IsValid(value))
                hash.AppendData(MemoryMarshal.AsBytes(preparation.Prepare($"E{new Rune(value)}\u0301")));
        Assert.Equal("7AECFB73F53BAE140748ABBD2F5DDF78288292278FDF5F137B599A85FB082855",
            Convert.ToHexString(hash.GetHashAndReset()));
    }

    /// <summary>A text that seems to need only small letters gets the same as one that is looked at closely.</summary>
    [Fact]
    public void The_short_way_gives_what_the_long_way_gives()
    {
        var preparation = TextPreparation.For(TokenKind.Words, lowercase: true);
        for (int value = 0; value <= 0x1ffff; value++)
            if (Rune.IsValid(value) && new Rune(value) is var rune && RuneTraitTable.Find(rune) == RuneTraits.Upper)
                Assert.Equal(preparation.Prepare($"x {rune}").ToString(), preparation.Prepare($"\u0301x {rune}")[1..].ToString());
    }

    [Theory]
    [InlineData(TokenKind.BytePair), InlineData(TokenKind.SentencePiece), InlineData(TokenKind.Tokenizer),
        InlineData(TokenKind.Characters)]
    [InlineData(TokenKind.Subwords), InlineData(TokenKind.Whitespace)]
    internal void Lower_case_is_complete_however_a_text_is_cut(TokenKind kind)
    {
        var preparation = TextPreparation.For(kind, lowercase: true);
        Assert.Equal("i\u0307 \u00e9 \u00e9 \u03bf\u03c2", preparation.Prepare("\u0130 E\u0301 \u00c9 \u039f\u03a3"));
        Assert.Equal("i\u0307 \u00e9", preparation.Prepare("\u0130 E\u0301"));
        Assert.Equal(new TokenOffset(2, 2), preparation.SourceOf(3, 1));
    }

    [Fact]
    public void Word_pieces_are_cut_at_all_white_space_and_lowered_as_for_BERT()
    {
        var preparation = TextPreparation.For(TokenKind.WordPiece, lowercase: true);
        for (char unit = '\0'; unit < char.MaxValue; unit++)
            if (char.IsWhiteSpace(unit))
                Assert.Equal("one two", preparation.Prepare($"one{unit}two"));
        Assert.Equal("izmir izmir \u03bf\u03b4\u03bf\u03c2 onetwo",
            preparation.Prepare("\u0130zmir I\u0307zmir \u039f\u0394\u039f\u03a3 one\u200b\u00ad\0\ufeff\ufffdtwo"));
    }

    // An attribute cannot hold half a character.
    [Fact]
    public void Half_a_character_is_seen_as_such() =>
        Assert.Equal("a\ufffdb\ufffd", TextPreparation.For(TokenKind.Words, lowercase: true).Prepare("A\ud800b\udc00"));

    [Fact]
    public void Places_are_those_in_the_text_as_it_was()
    {
        var preparation = TextPreparation.For(TokenKind.Words, lowercase: true);
        Assert.Equal("sea \u03bf\u03c2", preparation.Prepare("\ufeffse\u00ada\u200b \u039f\u03a3\u200e"));
        Assert.Equal(new TokenOffset(1, 4), preparation.SourceOf(0, 3));
        Assert.Equal(new TokenOffset(7, 2), preparation.SourceOf(4, 2));
    }

    [Fact]
    public void Long_runs_of_what_is_ignored_take_no_quadratic_time()
    {
        string run = string.Concat(Enumerable.Repeat("\u200d\u200c\u200b", 30_000));
        var preparation = TextPreparation.For(TokenKind.Words, lowercase: true);
        Assert.Equal("\u0645\u200d\u0645x", preparation.Prepare($"\u0645{run}\u0645x{run}").ToString());
        Assert.Equal(60_001, preparation.Prepare(string.Concat(Enumerable.Repeat("\u03a3'", 30_000)) + "!").Length);
    }
}
