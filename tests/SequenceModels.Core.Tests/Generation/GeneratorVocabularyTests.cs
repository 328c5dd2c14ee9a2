using System.Text;
using SequenceModels.Files;
using SequenceModels.Generation;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Generation;

/// <summary>What ends a text is told as a reader sees it, however the vocabulary spells it.</summary>
public class GeneratorVocabularyTests
{
    private static readonly string[] s_bytes = [.. ByteAlphabet.All, "\u0120cake", "cake", "\u010a\u010a"];

    [Theory]
    [InlineData(nameof(DetokenizationKind.Words), "cake", "cake", "cake", true)]
    [InlineData(nameof(DetokenizationKind.Words), " cake", "cake", "cake", true)]
    [InlineData(nameof(DetokenizationKind.Characters), "\n", "\n", "\n", true)]
    [InlineData(nameof(DetokenizationKind.Bytes), "\n", "\u010a", "\n", true)]
    [InlineData(nameof(DetokenizationKind.Bytes), "cake", "\u0120cake", "cake", true)]
    [InlineData(nameof(DetokenizationKind.Bytes), " cake", "\u0120cake", "cake", false)]
    [InlineData(nameof(DetokenizationKind.Bytes), "\u00e9", "\u00c3\u00a9", "e", false)]
    [InlineData(nameof(DetokenizationKind.Bytes), " ", "\u0120", "\u010a", false)]
    [InlineData(nameof(DetokenizationKind.WordPiece), "ing", "##ing", "ing", true)]
    [InlineData(nameof(DetokenizationKind.SentencePiece), "the", "\u2581the", "the", true)]
    [InlineData(nameof(DetokenizationKind.SentencePiece), "\n", "<0x0A>", "<0x20>", false)]
    [InlineData(nameof(DetokenizationKind.EndOfWord), "the", "the</w>", "the", true)]
    public void A_stop_token_is_what_a_reader_sees(string joining, string stop, string token, string other, bool otherStops)
    {
        GeneratorVocabulary vocabulary = Of(joining, token, other == token ? "other" : other);
        StopTokens stops = vocabulary.Stops([stop]);
        Assert.True(stops.Ends(1, ""));
        Assert.Equal(otherStops && other != token, stops.Ends(2, ""));
    }

    [Theory]
    [InlineData(nameof(DetokenizationKind.Bytes), "\u010aX", "\u010aX")]
    [InlineData(nameof(DetokenizationKind.Bytes), "\u0120cake", "\u0120cake")]
    [InlineData(nameof(DetokenizationKind.WordPiece), "##ing", "##ing")]
    [InlineData(nameof(DetokenizationKind.SentencePiece), "\u2581the", "\u2581the")]
    [InlineData(nameof(DetokenizationKind.EndOfWord), "the</w>", "the</w>")]
    [InlineData(nameof(DetokenizationKind.Words), "a b", "a")]
    [InlineData(nameof(DetokenizationKind.Words), "", "a")]
    public void What_no_token_reads_as_is_refused(string joining, string stop, string token) =>
        Assert.Contains($"StopTokens has '{stop}'",
            Assert.Throws<ArgumentException>(() => Of(joining, token).Stops([stop])).Message);

    [Fact]
    public void A_character_of_several_tokens_ends_the_text_with_the_last()
    {
        var vocabulary = new GeneratorVocabulary(s_bytes, null, new Detokenization(DetokenizationKind.Bytes, 0), s_bytes.Length);
        StopTokens stops = vocabulary.Stops(["\u3002", "\n"]);
        Detokenizer detokenizer = vocabulary.CreateDetokenizer();
        bool[] stopped = [.. Encoding.UTF8.GetBytes("\u3002\u3001").Select(value => value + 1u)
            .Select(key => stops.Ends(key, detokenizer.Append(key)))];
        Assert.Equal([false, false, true, false, false, false], stopped);
        Assert.False(stops.Ends((uint)s_bytes.Length, "\n\n"));
    }

    [Fact]
    public void Special_tokens_go_by_their_names()
    {
        var vocabulary = new GeneratorVocabulary(["<s>", "</s>", "a"], null, new Detokenization(DetokenizationKind.Words, 2), 3);
        Assert.True(vocabulary.Stops(["</s>"]).Ends(2, ""));
    }

    [Fact]
    public void Without_names_tokens_are_numbers()
    {
        var vocabulary = new GeneratorVocabulary([], null, null, 3);
        Assert.Equal("#2", vocabulary.NameOf(2));
        Assert.True(vocabulary.Stops(["#3"]).Ends(3, ""));
        Assert.Equal("#1 #3", vocabulary.CreateDetokenizer().TextOf([1, 3]));
    }

    [Fact]
    public void A_whole_token_is_given_whatever_it_is()
    {
        var vocabulary = new GeneratorVocabulary(["x", "\ufffd"], null, null, 2);
        Detokenizer detokenizer = vocabulary.CreateDetokenizer();
        detokenizer.State = vocabulary.StateAfter([1]);
        Assert.Equal(["\ufffd", "x", "\ufffd"], new uint[] { 2, 1, 2 }.Select(detokenizer.Append));
        var bytes = new Detokenizer(new(DetokenizationKind.Bytes, 0), s_bytes);
        Assert.Equal(["", "", "\ufffd"], new uint[] { 0xEF + 1, 0xBF + 1, 0xBD + 1 }.Select(bytes.Append));
    }

    [Fact]
    public void A_prompt_may_end_within_a_character_or_a_word()
    {
        var bytes = new GeneratorVocabulary(s_bytes, null, new Detokenization(DetokenizationKind.Bytes, 0), s_bytes.Length);
        Detokenizer detokenizer = bytes.CreateDetokenizer();
        detokenizer.State = bytes.StateAfter([(byte)'a' + 1u, 0xED + 1, 0x95 + 1]);
        Assert.Equal("\ud55c", detokenizer.Append(0x9C + 1));
        var words = new GeneratorVocabulary(["the", "cat"], null, null, 2);
        detokenizer = words.CreateDetokenizer();
        Assert.Equal("the", detokenizer.Append(1));
        detokenizer.State = words.StateAfter([1, 0]); // behind an unknown word
        Assert.Equal(" cat", detokenizer.Append(2));
    }

    [Fact]
    public void What_is_not_whole_is_kept_by_files()
    {
        var detokenizer = new Detokenizer(new(DetokenizationKind.Bytes, 0), s_bytes);
        Assert.Equal("", detokenizer.Append(0xF0 + 1) + detokenizer.Append(0x9F + 1) + detokenizer.Append(0x98 + 1));
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, "SEQTESTS", 1, detokenizer.State.Write);
        stream.Position = 0;
        DetokenizerState loaded = SealedPayload.Read(stream, "SEQTESTS", 1, DetokenizerState.Read);
        Assert.Equal(detokenizer.State, loaded);
        Assert.Equal("\U0001F600",
            new Detokenizer(new(DetokenizationKind.Bytes, 0), s_bytes) { State = loaded }.Append(0x80 + 1));
    }

    private static GeneratorVocabulary Of(string joining, params string[] tokens) =>
        new(tokens, null, new Detokenization(Enum.Parse<DetokenizationKind>(joining), 0), tokens.Length);
}
