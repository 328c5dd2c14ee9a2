using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class TokenRangesTests
{
    private const string Family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";

    [Theory]
    [InlineData("I don't care!", "I|don|'|t|care|!")]
    [InlineData("  a\tb\r\nc\u00a0d\u3000e ", "a|b|c|d|e")]
    [InlineData("abc123 4x", "abc123|4x")]
    [InlineData("...", ".|.|.")]
    [InlineData("\ud55c\uad6d\uc5b4\ub97c \uc88b\uc544\ud574\uc694!!", "\ud55c\uad6d\uc5b4\ub97c|\uc88b\uc544\ud574\uc694|!|!")]
    [InlineData("caf\u00e9", "caf\u00e9")]
    [InlineData("x\u0323\u0307y", "x\u0323\u0307y")]                                   // marks belong to the word
    [InlineData("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937")]              // a joiner within a word
    [InlineData("a" + Family + "b", "a|" + Family + "|b")]
    [InlineData("\u2764\ufe0f\u2764", "\u2764\ufe0f|\u2764")]                          // variation selector stays with its heart
    [InlineData("\U0001F1F0\U0001F1F7\U0001F1FA\U0001F1F8", "\U0001F1F0\U0001F1F7|\U0001F1FA\U0001F1F8")]
    [InlineData("\U00010400\U00010401 \U0001D7D8", "\U00010400\U00010401|\U0001D7D8")] // letters and digits beyond the BMP
    [InlineData("", "")]
    [InlineData(" \n ", "")]
    public void Words(string text, string expected) => Assert.Equal(expected, Cut(text, TokenKind.Words));

    [Theory]
    [InlineData(" C:maj7  don't\tx\u00a0y\n", "C:maj7|don't|x|y")]
    [InlineData("", "")]
    public void Whitespace(string text, string expected) => Assert.Equal(expected, Cut(text, TokenKind.Whitespace));

    [Theory]
    [InlineData("ab c", "a|b| |c")]
    [InlineData("\ud55c\uad6d\uc5b4", "\ud55c|\uad6d|\uc5b4")]
    [InlineData("\u1112\u1161\u11ab\u1100", "\u1112\u1161\u11ab|\u1100")]
    [InlineData("e\u0301x", "e\u0301|x")]
    [InlineData("a\r\nb", "a|\r\n|b")]
    [InlineData(Family + "!", Family + "|!")]
    [InlineData("", "")]
    public void Characters(string text, string expected) => Assert.Equal(expected, Cut(text, TokenKind.Characters));

    // An attribute cannot hold half a character.
    [Fact]
    public void Half_a_character_stands_alone()
    {
        Assert.Equal("a|\ud83d|b", Cut("a\ud83db", TokenKind.Words));
        Assert.Equal("\udc68|\ud83d", Cut("\udc68\ud83d", TokenKind.Characters));
    }

    [Fact]
    public void A_token_knows_its_place()
    {
        var ranges = new TokenRanges("ab, c", TokenKind.Words);
        var places = new List<(int, int)>();
        while (ranges.MoveNext())
            places.Add((ranges.Start, ranges.Length));
        Assert.Equal([(0, 2), (2, 1), (4, 1)], places);
    }

    [Fact]
    public void All_units_below_U0300_are_text_elements_by_themselves()
    {
        for (char a = '\0'; a < '\u0300'; a++)
            for (char b = '\0'; b < '\u0300'; b++)
            {
                int length = System.Globalization.StringInfo.GetNextTextElementLength([a, b]);
                Assert.Equal(a == '\r' && b == '\n' ? 2 : 1, length);
            }
    }

    private static string Cut(string text, TokenKind kind)
    {
        var ranges = new TokenRanges(text, kind);
        var tokens = new List<string>();
        while (ranges.MoveNext())
            tokens.Add(ranges.Current.ToString());
        return string.Join('|', tokens);
    }
}
