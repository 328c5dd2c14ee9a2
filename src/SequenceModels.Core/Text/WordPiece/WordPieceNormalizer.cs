using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels.Text;

/// <summary>How BERT reads a text before it looks for word pieces.</summary>
/// <remarks>
/// Devlin et al., "BERT", NAACL 2019; the rules are those of its BasicTokenizer. They are written here because the runtime's own
/// normalisation, which ML.NET's uses, does nothing where globalization is invariant.
/// </remarks>
internal static class WordPieceNormalizer
{
    private static readonly (int First, int Last)[] Ideographs =
    [
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF),
        (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
    ];

    /// <summary>Drops control and format characters, makes all white space spaces, puts spaces around ideographs.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="lowercase">Whether letters are lowered and lose their accents.</param>
    /// <param name="target">Becomes the normalized text.</param>
    /// <remarks>
    /// White space is what Unicode takes for it. BERT itself drops three rare line ends (U+000B, U+000C, U+0085),
    /// which joins two words.
    /// </remarks>
    public static void Normalize(ReadOnlySpan<char> text, bool lowercase, TextWithOffsets target)
    {
        target.Clear();
        List<RuneWithOffset> runes = TextNormalizer.Decode(text, decomposes: lowercase);
        runes.RemoveAll(placed => new Rune(placed.Value) is var rune &&
            (rune.Value == 0xfffd || (!Rune.IsWhiteSpace(rune) &&
                Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format)));
        if (lowercase)
            LowerCase.MapInPlace(CollectionsMarshal.AsSpan(runes));
        foreach (RuneWithOffset placed in runes)
        {
            (int value, int start, int end) = placed;
            var rune = new Rune(value);
            if (Rune.IsWhiteSpace(rune))
                target.Add(' ', start, end);
            else if (Array.Exists(Ideographs, range => value >= range.First && value <= range.Last))
            {
                target.Add(' ', start, start);
                target.Add(rune, start, end);
                target.Add(' ', end, end);
            }
            else if (!lowercase || Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                target.Add(rune, start, end);
        }
    }
}
