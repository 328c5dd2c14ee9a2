using System.Text;
using Microsoft.ML.Tokenizers;

namespace SequenceModels.Text;

/// <summary>
/// Cuts a text that <see cref="WordPieceNormalizer"/> has normalized: at spaces, and before and after each punctuation mark.
/// </summary>
internal sealed class WordPiecePreTokenizer : PreTokenizer
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
