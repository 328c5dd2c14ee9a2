using System.Text;
using SequenceModels.Files;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>Every text comes back from a file as it was, also one that is no text to Unicode.</summary>
public class TextBytesTests
{
    private static readonly string[] s_texts =
    [
        "", "plain", "\u00e9 \ud55c \U0001F600", "\ud800", "\ud801", "\udc00", "a\ud800b", "\udc00\ud800", "\ud800\ud800\udc00",
            "\ufffd", "\uffff\0",
        "\U0001F600\ud83d", new string('\ud900', 300),
    ];

    [Fact]
    public void Texts_come_back()
    {
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, "SEQTESTS", 1, writer => Array.ForEach(s_texts, writer.Write));
        stream.Position = 0;
        Assert.Equal(s_texts,
            SealedPayload.Read(stream, "SEQTESTS", 1, reader => Array.ConvertAll(s_texts, _ => reader.ReadString())));
        Assert.Equal(s_texts.Length, s_texts.Select(text => Convert.ToHexString(TextBytes.Of(text))).Distinct().Count());
    }

    [Fact]
    public void What_Unicode_takes_for_a_text_is_UTF8()
    {
        foreach (string text in s_texts.Where(text => !text.EnumerateRunes().Contains(Rune.ReplacementChar)))
            Assert.Equal(Encoding.UTF8.GetBytes(text), TextBytes.Of(text));
    }

    [Theory]
    [InlineData("80"), InlineData("C3"), InlineData("C080"), InlineData("F4908080"), InlineData("EDA0"), InlineData("61EDA0")]
    [InlineData("EDA0BDEDB880")] // a character as two halves
    public void Other_bytes_are_no_text(string bytes)
    {
        byte[] all = Convert.FromHexString(bytes);
        Assert.False(TextBytes.TryRead(all, out _));
        Assert.Throws<InvalidDataException>(() =>
            new PayloadReader(new byte[] { (byte)all.Length }.Concat(all).ToArray(), "texts", 1).ReadString());
    }
}
