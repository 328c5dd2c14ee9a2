using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels.Text;

/// <summary>Brings a text into a <see cref="TextForm"/>.</summary>
internal static class TextNormalizer
{
    /// <summary>What keeps a text from being in the form already.</summary>
    public static RuneTraits FindMissing(ReadOnlySpan<char> text, TextForm form)
    {
        if (form == TextForm.AsItIs && !text.ContainsAnyInRange('\ud800', '\udfff'))
            return RuneTraits.None;
        // Most texts are ASCII from beginning to end, or nearly so.
        int plain = text.IndexOfAnyExceptInRange(' ', '~') is >= 0 and var other ? other : text.Length;
        RuneTraits traits = text[..plain].ContainsAnyInRange('A', 'Z') ? RuneTraits.Upper : RuneTraits.None;
        for (int i = plain; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                traits |= RuneTraitTable.Find(text[i]);
            else if (i + 1 < text.Length && Rune.TryCreate(text[i], text[i + 1], out Rune rune))
            {
                traits |= RuneTraitTable.Find(rune);
                i++;
            }
            else
                return RuneTraits.Composes | RuneTraits.Decomposes; // half of a pair
        }
        return traits & TraitsThatMatter(form);
    }

    /// <summary>A text in its form.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="form">Any.</param>
    public static ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text, TextForm form)
    {
        if (FindMissing(text, form) == RuneTraits.None)
            return text;
        var target = new TextWithOffsets();
        Normalize(text, form, target);
        return target.Text;
    }

    /// <summary>A text in its form, and where it comes from.</summary>
    /// <param name="text">Any text; half of a surrogate pair becomes U+FFFD.</param>
    /// <param name="form">Any.</param>
    /// <param name="target">Becomes the normalized text.</param>
    public static void Normalize(ReadOnlySpan<char> text, TextForm form, TextWithOffsets target)
    {
        List<RuneWithOffset> runes = Decode(text, decomposes: (form & (TextForm.Composed | TextForm.Decomposed)) != 0);
        Span<RuneWithOffset> span = CollectionsMarshal.AsSpan(runes);
        if ((form & TextForm.Visible) != 0)
        {
            span = span[..InvisibleCharacters.RemoveFrom(span)];
            OrderMarks(span); // of two runs of marks, one may have become
        }
        if ((form & TextForm.Lowered) != 0)
            LowerCase.MapInPlace(span);
        if ((form & TextForm.Composed) != 0)
            span = span[..ComposeInPlace(span)];
        target.Clear();
        foreach (RuneWithOffset rune in span)
            target.Add(new Rune(rune.Value), rune.Start, rune.End);
    }

    /// <summary>The runes of a text, decomposed or not, marks in their order.</summary>
    /// <remarks>
    /// The Unicode Standard, section 3.11: decompose, order the marks; <see cref="ComposeInPlace"/> then composes.
    /// </remarks>
    public static List<RuneWithOffset> Decode(ReadOnlySpan<char> text, bool decomposes)
    {
        var runes = new List<RuneWithOffset>(text.Length + 16);
        var parts = new List<int>();
        for (int i = 0, length; i < text.Length; i += length)
        {
            Rune.DecodeFromUtf16(text[i..], out Rune rune, out length);
            parts.Clear();
            if (decomposes)
                CanonicalMappings.Decompose(rune.Value, parts);
            else
                parts.Add(rune.Value);
            foreach (int part in parts)
                runes.Add(new(part, i, i + length));
        }
        if (decomposes)
            OrderMarks(CollectionsMarshal.AsSpan(runes));
        return runes;
    }

    private static RuneTraits TraitsThatMatter(TextForm form) =>
        ((form & TextForm.Composed) != 0 ? RuneTraits.Composes : RuneTraits.None)
        | ((form & TextForm.Decomposed) != 0 ? RuneTraits.Decomposes : RuneTraits.None)
        | ((form & TextForm.Visible) != 0 ? RuneTraits.Invisible : RuneTraits.None)
        | ((form & TextForm.Lowered) != 0 ? RuneTraits.Upper | RuneTraits.LowersInContext : RuneTraits.None);

    /// <summary>Sorts each run of marks by class; equals keep their order.</summary>
    private static void OrderMarks(Span<RuneWithOffset> runes)
    {
        for (int start = 0; start < runes.Length; start++)
        {
            if (CanonicalMappings.CombiningClass(runes[start].Value) == 0)
                continue;
            int end = start + 1;
            while (end < runes.Length && CanonicalMappings.CombiningClass(runes[end].Value) != 0)
                end++;
            // A run may be as long as a hostile text: no sort that takes quadratic time.
            if (end > start + 1)
            {
                RuneWithOffset[] marks =
                    [.. runes[start..end].ToArray().OrderBy(mark => CanonicalMappings.CombiningClass(mark.Value))];
                marks.CopyTo(runes[start..end]);
            }
            start = end;
        }
    }

    private static int ComposeInPlace(Span<RuneWithOffset> runes)
    {
        int count = 0, starter = -1, lastClass = 0;
        foreach (RuneWithOffset rune in runes)
        {
            int markClass = CanonicalMappings.CombiningClass(rune.Value);
            // A mark between a starter and this rune, of the same class or higher, keeps the two apart.
            bool reaches = starter == count - 1 || lastClass < markClass;
            if (starter >= 0 && reaches && CanonicalMappings.Compose(runes[starter].Value, rune.Value) is > 0 and int composed)
            {
                ref RuneWithOffset whole = ref runes[starter];
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
}
