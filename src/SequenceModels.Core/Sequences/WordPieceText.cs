using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace SequenceModels.Sequences;

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

    /// <summary>Drops control characters, makes all white space spaces, puts spaces around ideographs.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="lowercase">Whether letters are lowered and lose their accents.</param>
    /// <param name="target">Becomes the prepared text.</param>
    public static void Prepare(ReadOnlySpan<char> text, bool lowercase, PlacedText target)
    {
        target.Clear();
        var parts = new List<int>();
        for (int i = 0, length; i < text.Length; i += length)
        {
            Rune.DecodeFromUtf16(text[i..], out Rune rune, out length);
            int end = i + length;
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            bool isSpace = rune.Value is '\t' or '\n' or '\r' || category == UnicodeCategory.SpaceSeparator;
            if (isSpace)
                target.Add(' ', i, end);
            else if (rune.Value == 0xfffd || category is UnicodeCategory.Control or UnicodeCategory.Format)
                continue;
            else if (Array.Exists(Ideographs, range => rune.Value >= range.First && rune.Value <= range.Last))
            {
                target.Add(' ', i, i);
                target.Add(rune, i, end);
                target.Add(' ', end, end);
            }
            else if (lowercase)
                AddLowered(rune, parts, target, i, end);
            else
                target.Add(rune, i, end);
        }
    }

    private static void AddLowered(Rune rune, List<int> parts, PlacedText target, int start, int end)
    {
        parts.Clear();
        CanonicalForms.Decompose(Rune.ToLowerInvariant(rune).Value, parts);
        foreach (int part in parts)
            if (Rune.GetUnicodeCategory(new Rune(part)) != UnicodeCategory.NonSpacingMark)
                target.Add(new Rune(part), start, end);
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
