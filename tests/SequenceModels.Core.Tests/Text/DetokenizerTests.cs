using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class DetokenizerTests
{
    [Theory]
    [InlineData(nameof(DetokenizationKind.Words), "a b , c", "a", "b", ",", "c")]
    [InlineData(nameof(DetokenizationKind.Characters), "ab,c", "a", "b", ",", "c")]
    [InlineData(nameof(DetokenizationKind.Bytes), "a b\u00e9", "a", "\u0120b", "\u00c3", "\u00a9")]
    [InlineData(nameof(DetokenizationKind.WordPiece), "unable to ##", "un", "##able", "to", "##")]
    [InlineData(nameof(DetokenizationKind.SentencePiece), "Hello world \u00e9!", "\u2581Hello", "\u2581wor", "ld", "\u2581",
        "<0xC3>", "<0xA9>", "!")]
    [InlineData(nameof(DetokenizationKind.EndOfWord), "lower , low", "low", "er</w>", ",</w>", "low</w>")]
    public void Tokens_become_a_text(string joining, string expected, params string[] tokens) =>
        Assert.Equal(expected, TextOf(joining, tokens));

    [Fact]
    public void Only_whole_characters_are_given()
    {
        // The four bytes of a face, one a token.
        string[] tokens = [.. new byte[] { 0xF0, 0x9F, 0x98, 0x80 }.Select(b => ByteAlphabet.ToChar(b).ToString()), "x"];
        var detokenizer = new Detokenizer(new(DetokenizationKind.Bytes, 0), tokens);
        Assert.Equal(["", "", "", "\U0001F600", "x"], new uint[] { 1, 2, 3, 4, 5 }.Select(detokenizer.Append));
        Assert.Equal("", detokenizer.Finish());
        Assert.Equal(["", "", "\ufffdx"], new uint[] { 1, 2, 5 }.Select(detokenizer.Append));
        Assert.Equal("", detokenizer.Append(1));
        Assert.Equal("\ufffd", detokenizer.Finish());
        Assert.Equal("x", detokenizer.Append(5));
        Assert.Equal(["", "\ufffd\ufffd"], new uint[] { 1, 0 }.Select(detokenizer.Append));
    }

    [Fact]
    public void Special_tokens_are_no_text_and_unknown_ones_show()
    {
        var detokenizer = new Detokenizer(new(DetokenizationKind.Words, 2), ["<s>", "</s>", "<s>", "a"]);
        Assert.Equal("<s> a \ufffd \ufffd", detokenizer.TextOf([1, 3, 4, 0, 9, 2]));
        Assert.Equal("a", detokenizer.TextOf([1, 4]));
    }

    [Fact]
    public void A_rule_reads_back()
    {
        foreach (DetokenizationKind joining in Enum.GetValues<DetokenizationKind>())
            for (int special = 0; special < 3; special++)
                Assert.Equal(new Detokenization(joining, special),
                    Detokenization.Parse(new Detokenization(joining, special).ToString()));
        foreach (string bad in new[] { "", "Words", "Words 3", "words 0", "0 0", "Words 0 0", "Words,Bytes 1" })
            Assert.Null(Detokenization.Parse(bad));
    }

    private static string TextOf(string joining, string[] tokens) =>
        new Detokenizer(new(Enum.Parse<DetokenizationKind>(joining), 0), tokens)
        .TextOf([.. Enumerable.Range(1, tokens.Length).Select(key => (uint)key)]);
}
