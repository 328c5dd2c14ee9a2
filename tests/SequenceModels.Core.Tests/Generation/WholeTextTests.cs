using System.Text;
using SequenceModels.Generation;
using Xunit;

namespace SequenceModels.Tests.Generation;

/// <summary>Text comes out whole, whatever the tokens are parts of.</summary>
public class WholeTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("\u00e9t\u00e9, \ud55c\uad6d\uc5b4 and \ud83d\ude00!")]
    public void Bytes_give_a_character_when_its_last_one_has_come(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WholeText whole = WholeText.After([Byte((byte)'>')]);
        string[] pieces = [.. bytes.Select(value => whole.Append(Byte(value), DecodeBytes))];
        Assert.Equal(text, string.Concat(pieces));
        Assert.DoesNotContain(pieces, piece => piece.Contains('\ufffd') || HasHalfPair(piece));
        Assert.Equal(text.EnumerateRunes().Count(), pieces.Count(piece => piece != ""));
    }

    [Fact]
    public void A_prompt_may_end_within_a_character()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("\ud55c!");
        WholeText whole = WholeText.After([Byte((byte)'a'), Byte(bytes[0]), Byte(bytes[1])]);
        Assert.Equal("\ud55c", whole.Append(Byte(bytes[2]), DecodeBytes));
        Assert.Equal("!", whole.Append(Byte(bytes[3]), DecodeBytes));
    }

    [Fact]
    public void Words_come_with_the_space_before_them()
    {
        string[] words = ["the", "cat", "sat"];
        string Decode(IReadOnlyList<uint> keys) => string.Join(' ', keys.Select(key => key == 0 ? "\ufffd" : words[key - 1]));
        Assert.Equal(["the", " cat", " sat"], Pieces(WholeText.After([]), Decode, 1, 2, 3));
        Assert.Equal([" cat", " sat"], Pieces(WholeText.After([2, 1]), Decode, 2, 3));
        Assert.Equal([" cat", " sat"], Pieces(WholeText.After([1, 0]), Decode, 2, 3)); // behind an unknown word
        Assert.Equal([" cat"], Pieces(WholeText.After([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]), Decode, 2)); // a long prompt
    }

    [Fact]
    public void What_is_not_whole_is_kept_by_copies_and_files()
    {
        byte[] bytes = Encoding.UTF8.GetBytes("\u00e9");
        WholeText whole = WholeText.After([]);
        Assert.Equal("", whole.Append(Byte(bytes[0]), DecodeBytes));
        WholeText copy = whole.Copy(), loaded = Load(whole);
        Assert.Equal("\u00e9", whole.Append(Byte(bytes[1]), DecodeBytes));
        Assert.Equal("\u00e9", copy.Append(Byte(bytes[1]), DecodeBytes));
        Assert.Equal("\u00e9", loaded.Append(Byte(bytes[1]), DecodeBytes));
    }

    private static string[] Pieces(WholeText whole, Func<IReadOnlyList<uint>, string> decode, params uint[] keys) =>
        [.. keys.Select(key => whole.Append(key, decode))];

    private static uint Byte(byte value) => value + 1u;

    private static string DecodeBytes(IReadOnlyList<uint> keys) => Encoding.UTF8.GetString([.. keys.Select(key => (byte)(key - 1))]);

    private static bool HasHalfPair(string text) =>
        (text.Length > 0 && char.IsLowSurrogate(text[0])) || (text.Length > 0 && char.IsHighSurrogate(text[^1]));

    private static WholeText Load(WholeText whole)
    {
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, "SEQTESTS", 1, whole.Write);
        stream.Position = 0;
        return SealedPayload.Read(stream, "SEQTESTS", 1, reader => WholeText.Read(reader, largestKey: 1000));
    }
}
