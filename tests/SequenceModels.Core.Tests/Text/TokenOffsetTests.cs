using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

/// <summary>Where tokens stand in the text as it was given.</summary>
public class TokenOffsetTests
{
    public static TheoryData<string> Kinds => ["Words", "Words as they are", "Whitespace", "Characters"];

    [Theory, MemberData(nameof(Kinds))]
    public void A_slice_of_the_text_is_the_token(string kind)
    {
        SequenceTokenization tokenization = kind switch
        {
            "Words" => SequenceTokenization.Words(),
            "Words as they are" => SequenceTokenization.Words(lowercase: false),
            "Whitespace" => SequenceTokenization.Whitespace(lowercase: true),
            _ => SequenceTokenization.Characters(),
        };
        var preparation = TextPreparation.For(tokenization.Kind, tokenization.Lowercase);
        int marks = 0;
        foreach (string text in ScriptTexts.All)
        {
            string[] tokens =
                Tokens(TextPreparation.For(tokenization.Kind, tokenization.Lowercase).Prepare(text), tokenization.Kind);
            (uint[] keys, TokenOffset[] places) = Encode(tokenization, text, tokens);
            Assert.Equal(tokens.Length, places.Length);
            int end = 0;
            foreach ((TokenOffset place, string token) in places.Zip(tokens))
            {
                Assert.True(place.Start >= end && place.Length > 0, $"{text}: {place} after {end}");
                Assert.Equal(token, preparation.Prepare(text.AsSpan(place.Start, place.Length)).ToString());
                end = place.End;
                marks += token.Length != place.Length ? 1 : 0;
            }
        }
        Assert.True(marks > 0);
    }

    [Fact]
    public void What_stands_between_words_is_white_space_or_not_seen()
    {
        foreach (string text in ScriptTexts.All)
        {
            char[] left = text.ToCharArray();
            foreach (TokenOffset place in Encode(SequenceTokenization.Words(), text, ["x"]).Places)
                left.AsSpan(place.Start, place.Length).Fill(' ');
            Assert.All(left, unit => Assert.True(char.IsWhiteSpace(unit) || unit is '\u200b' or '\u200d', text));
        }
    }

    [Theory]
    [InlineData("e\u0301te\u0301!", "0+5 5+1")]
    [InlineData("a \u1112\u1161\u11ab\u1100\u1173\u11af b", "0+1 2+6 9+1")]
    [InlineData("\u212b x", "0+1 2+1")]
    [InlineData("q\u0307\u0323 r", "0+3 4+1")]
    [InlineData("\U0001F469\u200d\U0001F467e\u0301", "0+5 5+2")]
    public void Examples(string text, string expected) => Assert.Equal(expected,
        string.Join(' ',
            Encode(SequenceTokenization.Words(), text, ["x"]).Places.Select(place => $"{place.Start}+{place.Length}")));

    [Fact]
    public void Special_tokens_have_no_length_and_a_cut_end_has_none_either()
    {
        SequenceTokenization tokenization =
            SequenceTokenization.Words() with { StartToken = true, EndToken = true, MaximumLength = 4 };
        Assert.Equal([new(0, 0), new(1, 3), new(5, 3), new(8, 0)], Encode(tokenization, " the cat sat", ["x"]).Places);
        Assert.Equal([new(0, 0), new(0, 0)], Encode(tokenization, "", ["x"]).Places);
    }

    [Fact]
    public void Places_change_no_key()
    {
        foreach (string text in ScriptTexts.All)
        {
            string[] known = Tokens(TextPreparation.For(TokenKind.Words, true).Prepare(text), TokenKind.Words);
            SequenceTokenizer tokenizer = Make(SequenceTokenization.Words(), known);
            var keys = new List<uint>();
            tokenizer.Encode(text, tokenizer.CreateEncoder(), keys);
            Assert.Equal(keys, Encode(SequenceTokenization.Words(), text, known).Keys);
        }
    }

    private static (uint[] Keys, TokenOffset[] Places) Encode(SequenceTokenization tokenization, string text, string[] known)
    {
        SequenceTokenizer tokenizer = Make(tokenization, known);
        List<uint> keys = [7];
        List<TokenOffset> places = [new(7, 7)];
        tokenizer.Encode(text, tokenizer.CreateEncoder(), keys, places);
        Assert.Equal(keys.Count, places.Count);
        return ([.. keys], [.. places]);
    }

    private static SequenceTokenizer Make(SequenceTokenization tokenization, string[] known) =>
        new(tokenization, new Vocabulary(tokenization.StartToken, tokenization.EndToken, [.. known.Distinct()]));

    private static string[] Tokens(ReadOnlySpan<char> prepared, TokenKind kind)
    {
        var tokens = new List<string>();
        var ranges = new TokenRanges(prepared, kind);
        while (ranges.MoveNext())
            tokens.Add(ranges.Current.ToString());
        return [.. tokens];
    }
}
