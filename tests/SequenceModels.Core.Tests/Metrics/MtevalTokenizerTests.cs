using SequenceModels.Metrics;
using Xunit;

namespace SequenceModels.Tests.Metrics;

public class MtevalTokenizerTests
{
    /// <summary>Worked out by hand from the rules of mteval-v13a.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("Hello, world.", "Hello , world .")]
    [InlineData("It wasn't 'so'", "It wasn't 'so'")] // an apostrophe stays
    [InlineData("1,000.5 is 3.", "1,000.5 is 3 .")] // points between digits stay
    [InlineData(".5 a.5 5.a 5,a", ". 5 a . 5 5 . a 5 , a")]
    [InlineData("wait...what", "wait . . . what")]
    [InlineData("a.,b", "a . , b")]
    [InlineData("well-known 1990-2000 A-1", "well-known 1990 - 2000 A-1")] // a dash after a digit
    [InlineData("(a)[b]{c}<d>$5%#@!?/\\^_`|~", "( a ) [ b ] { c } < d > $ 5 % # @ ! ? / \\ ^ _ ` | ~")]
    [InlineData("x&amp;lt;y &quot;z&quot; &gt;", "x < y \" z \" >")] // one after the other
    [InlineData("a<skipped>b -\nc d\ne -\n", "ab c d e -")] // the last dash is at the end of the line
    [InlineData("a\tb \r\n c", "a b c")]
    public void Texts_of_ASCII(string text, string expected) => Assert.Equal(expected, Tokens(text));

    /// <summary>Signs beyond ASCII are letters to it, whatever they are; Arabic digits are none.</summary>
    [Theory]
    [InlineData("«Größe», sagte er…", "«Größe» , sagte er…")]
    [InlineData("東京、大阪。3.5。", "東京、大阪。3.5。")]
    [InlineData("٣.٥", "٣ . ٥")]
    [InlineData("😀.😀,", "😀 . 😀 ,")]
    [InlineData("a\u00a0b\u3000c\u001cd\u200be", "a b c d\u200be")] // white space as Python has it
    public void Texts_of_Unicode(string text, string expected) => Assert.Equal(expected, Tokens(text));

    private static string Tokens(string text) => string.Join(' ', WhiteSpace.Split(MtevalTokenizer.Separate(text)));
}
