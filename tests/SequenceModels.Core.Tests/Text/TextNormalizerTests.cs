using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class TextNormalizerTests
{
    [Theory]
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]                          // jamo -> one syllable
    [InlineData("\u1112\u1161", "\ud558")]
    [InlineData("\ud558\u11ab", "\ud55c")]                                // a syllable and a tail
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("\u212b", "\u00c5")]                                      // Angstrom sign -> A with ring
    [InlineData("a\u0301\u0323", "\u1ea1\u0301")]                         // marks are ordered by class
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u0915\u093c", "\u0915\u093c")]                          // excluded from composition
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\u0344", "\u0308\u0301")]                                // a mark that never composes
    [InlineData("\uf900", "\u8c48")]                                      // compatibility ideograph
    [InlineData("\U0001d15e", "\U0001d157\U0001d165")]
    [InlineData("a\u0300\u0301", "\u00e0\u0301")]                         // the second mark of a class is blocked
    [InlineData("\u0301", "\u0301")]
    [InlineData("", "")]
    public void Texts_are_composed(string text, string expected)
    {
        Assert.Equal(expected, Composed(text));
        Assert.Equal(expected, Composed(expected));
        Assert.Equal(text == expected, IsComposed(text) || Composed(text) == text);
    }

    /// <summary>
    /// The checksum is that of the same texts composed by another implementation (Unicode 14). Of the planes of ideographs and of
    /// those that are not assigned, where nothing composes but U+2F800 to U+2FA1F, each 61st rune is enough.
    /// </summary>
    [Fact]
    public void Every_rune_composes_as_the_standard_says()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int value = 0; value <= 0x10ffff; value += value < 0x20000 || (value >> 9) is 0x17c or 0x17d or 0x700 ? 1 : 61)
        {
            if (!Rune.IsValid(value))
                continue;
            string rune = new Rune(value).ToString();
            string composed = Composed($"e{rune}\u0301\u0323{rune}\u1161\u11a8");
            hash.AppendData(MemoryMarshal.AsBytes(composed.AsSpan()));
        }

        Assert.Equal("C61811E52EE88AB8F16AFEA962821AB81AC1D281EF7776F02BD94BDAB34D25F4",
            Convert.ToHexString(hash.GetHashAndReset()));
    }

    [Theory]
    [InlineData("plain text", true)]
    [InlineData("caf\u00e9 \u00c5ngstr\u00f6m \ud55c\uad6d\uc5b4 \u65e5\u672c", true)]
    [InlineData("e\u0301", false)]
    [InlineData("\u1112\u1161", false)]
    [InlineData("\u212b", false)]
    public void What_is_composed_is_seen_at_once(string text, bool expected) => Assert.Equal(expected, IsComposed(text));

    [Fact]
    public void A_very_long_run_of_marks_takes_no_quadratic_time()
    {
        string text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 100_000));
        Assert.Equal(text.Length - 1, Composed(text).Length);
    }

    private static bool IsComposed(string text) => TextNormalizer.FindMissing(text, TextForm.Composed) == RuneTraits.None;

    private static string Composed(string text)
    {
        var target = new TextWithOffsets();
        TextNormalizer.Normalize(text, TextForm.Composed, target);
        return target.Text.ToString();
    }
}
