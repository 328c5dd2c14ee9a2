using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels.Sequences;

/// <summary>Brings a text into Unicode's composed form (NFC), where "e" and an accent are one "é" and jamo are one syllable.</summary>
internal static class ComposedText
{
    /// <summary>Whether <see cref="Compose(ReadOnlySpan{char})"/> would leave the text as it is. Quick, and sometimes false without need.</summary>
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
    public static string Compose(ReadOnlySpan<char> text)
    {
        var composed = new PlacedText();
        Compose(text, composed);
        return composed.Text.ToString();
    }

    /// <summary>The composed form, and where it comes from.</summary>
    /// <param name="text">Any text; a lone surrogate becomes U+FFFD.</param>
    /// <param name="target">Becomes the composed form.</param>
    /// <remarks>The Unicode Standard, section 3.11: decompose, order the marks, compose.</remarks>
    public static void Compose(ReadOnlySpan<char> text, PlacedText target)
    {
        var runes = new List<PlacedRune>(text.Length + 16);
        var parts = new List<int>();
        for (int i = 0, length; i < text.Length; i += length)
        {
            Rune.DecodeFromUtf16(text[i..], out Rune rune, out length);
            parts.Clear();
            CanonicalForms.Decompose(rune.Value, parts);
            foreach (int part in parts)
                runes.Add(new(part, i, i + length));
        }
        Span<PlacedRune> span = CollectionsMarshal.AsSpan(runes);
        OrderMarks(span);
        int count = ComposeInPlace(span);
        target.Clear();
        foreach (PlacedRune rune in span[..count])
            target.Add(new Rune(rune.Value), rune.Start, rune.End);
    }

    /// <summary>Sorts each run of marks by class; equals keep their order.</summary>
    private static void OrderMarks(Span<PlacedRune> runes)
    {
        for (int start = 0; start < runes.Length; start++)
        {
            if (CanonicalForms.Class(runes[start].Value) == 0)
                continue;
            int end = start + 1;
            while (end < runes.Length && CanonicalForms.Class(runes[end].Value) != 0)
                end++;
            // A run may be as long as a hostile text: no sort that takes quadratic time.
            PlacedRune[] marks = [.. runes[start..end].ToArray().OrderBy(mark => CanonicalForms.Class(mark.Value))];
            marks.CopyTo(runes[start..end]);
            start = end;
        }
    }

    private static int ComposeInPlace(Span<PlacedRune> runes)
    {
        int count = 0, starter = -1, lastClass = 0;
        foreach (PlacedRune rune in runes)
        {
            int markClass = CanonicalForms.Class(rune.Value);
            // A mark between a starter and this rune, of the same class or higher, keeps the two apart.
            bool reaches = starter == count - 1 || lastClass < markClass;
            if (starter >= 0 && reaches && CanonicalForms.Compose(runes[starter].Value, rune.Value) is > 0 and int composed)
            {
                ref PlacedRune whole = ref runes[starter];
                whole = new(composed, Math.Min(whole.Start, rune.Start), Math.Max(whole.End, rune.End));
                continue;
            }

            if (markClass == 0)
                starter = count;
            lastClass = markClass;
            runes[count++] = rune;
        }

        return count;
    }

    private readonly record struct PlacedRune(int Value, int Start, int End);
}
