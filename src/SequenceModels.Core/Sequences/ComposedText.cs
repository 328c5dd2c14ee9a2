using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels.Sequences;

/// <summary>Brings a text into Unicode's composed form (NFC), where "e" and an accent are one "é" and jamo are one syllable.</summary>
internal static class ComposedText
{
    /// <summary>Whether <see cref="Compose"/> would leave the text as it is. Quick, and sometimes false without need.</summary>
    public static bool IsComposed(ReadOnlySpan<char> text)
    {
        int start = text.IndexOfAnyExceptInRange('\0', '\u02ff');
        if (start < 0)
            return true;
        foreach (Rune rune in text[start..].EnumerateRunes())
            if (CanonicalForms.IsRestless(rune.Value))
                return false;
        return true;
    }

    /// <summary>The composed form; a lone surrogate becomes U+FFFD.</summary>
    /// <remarks>The Unicode Standard, section 3.11: decompose, order the marks, compose.</remarks>
    public static string Compose(ReadOnlySpan<char> text)
    {
        var runes = new List<int>(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
            CanonicalForms.Decompose(rune.Value, runes);
        Span<int> span = CollectionsMarshal.AsSpan(runes);
        OrderMarks(span);
        int count = ComposeInPlace(span);
        var builder = new StringBuilder(text.Length);
        foreach (int value in span[..count])
            builder.Append(new Rune(value).ToString());
        return builder.ToString();
    }

    /// <summary>Sorts each run of marks by class; equals keep their order.</summary>
    private static void OrderMarks(Span<int> runes)
    {
        for (int start = 0; start < runes.Length; start++)
        {
            if (CanonicalForms.Class(runes[start]) == 0)
                continue;
            int end = start + 1;
            while (end < runes.Length && CanonicalForms.Class(runes[end]) != 0)
                end++;
            // A run may be as long as a hostile text: no sort that takes quadratic time.
            int[] marks = [.. runes[start..end].ToArray().OrderBy(CanonicalForms.Class)];
            marks.CopyTo(runes[start..end]);
            start = end;
        }
    }

    private static int ComposeInPlace(Span<int> runes)
    {
        int count = 0, starter = -1, lastClass = 0;
        foreach (int rune in runes)
        {
            int markClass = CanonicalForms.Class(rune);
            // A mark between a starter and this rune, of the same class or higher, keeps the two apart.
            bool reaches = starter == count - 1 || lastClass < markClass;
            if (starter >= 0 && reaches && CanonicalForms.Compose(runes[starter], rune) is > 0 and int composed)
            {
                runes[starter] = composed;
                continue;
            }

            if (markClass == 0)
                starter = count;
            lastClass = markClass;
            runes[count++] = rune;
        }

        return count;
    }
}
