using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace SequenceModels.Text;

/// <summary>How BERT reads a text before it looks for word pieces.</summary>
/// <remarks>
/// Devlin et al., "BERT", NAACL 2019; the rules are those of its BasicTokenizer. They are written here because the runtime's own
/// normalisation, which ML.NET's uses, does nothing where globalization is invariant.
/// </remarks>
internal static class WordPieceText
{
    private static readonly (int First, int Last)[] Ideographs =
    [
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF),
        (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
    ];

    /// <summary>Drops control and format characters, makes all white space spaces, puts spaces around ideographs.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="lowercase">Whether letters are lowered and lose their accents.</param>
    /// <param name="target">Becomes the prepared text.</param>
    /// <remarks>
    /// White space is what Unicode takes for it. BERT itself drops three rare line ends (U+000B, U+000C, U+0085), which joins two words.
    /// </remarks>
    public static void Prepare(ReadOnlySpan<char> text, bool lowercase, TextWithOffsets target)
    {
        target.Clear();
        List<RuneWithOffset> runes = NormalizedText.Decode(text, decomposes: lowercase);
        runes.RemoveAll(placed => new Rune(placed.Value) is var rune &&
            (rune.Value == 0xfffd || (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format)));
        if (lowercase)
            LowerCase.Lower(CollectionsMarshal.AsSpan(runes));
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

    /// <summary>Cuts a prepared text at spaces, and before and after each punctuation mark.</summary>
    public sealed class Words : PreTokenizer
    {
        /// <inheritdoc/>
        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Cut(text);

        /// <inheritdoc/>
        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Cut(text);

        private static List<(int Offset, int Length)> Cut(ReadOnlySpan<char> text)
        {
            var words = new List<(int Offset, int Length)>();
            int start = 0, i = 0;
            for (int length; i < text.Length; i += length)
            {
                Rune.DecodeFromUtf16(text[i..], out Rune rune, out length);
                bool isSpace = rune.Value == ' ', isMark = IsPunctuation(rune);
                if (!isSpace && !isMark)
                    continue;
                if (i > start)
                    words.Add((start, i - start));
                if (isMark)
                    words.Add((i, length));
                start = i + length;
            }
            if (i > start)
                words.Add((start, i - start));
            return words;
        }

        /// <summary>All ASCII that is neither letter nor digit counts, as "$" and "+" do.</summary>
        private static bool IsPunctuation(Rune rune) => rune.IsAscii
            ? rune.Value > ' ' && !Rune.IsLetterOrDigit(rune) && rune.Value != 127
            : Rune.IsPunctuation(rune);
    }
}
