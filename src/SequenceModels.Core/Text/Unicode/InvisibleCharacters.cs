using System.Globalization;
using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// Characters that no reader sees, but that would make two words of one: control characters (category Cc) except white space,
/// and format characters (Cf) such as byte order marks, soft hyphens, spaces of no width and marks of direction.
/// </summary>
/// <remarks>
/// Joiners (U+200C, U+200D) are kept where they join: after a virama, between letters of scripts that join them,
/// and between emoji; so are tags after a black flag, which make it the flag of a region. Unicode Standard Annex 31,
/// section 2.3, and Technical Standard 51.
/// </remarks>
internal static class InvisibleCharacters
{
    private const int NonJoiner = 0x200C, Joiner = 0x200D, BlackFlag = 0x1F3F4, FirstTag = 0xE0020, LastTag = 0xE007F, Virama = 9;

    /// <summary>Blocks of scripts whose letters join, or whose consonants form clusters.</summary>
    private static readonly (int First, int Last)[] JoiningScripts =
    [
        (0x0600, 0x109F), (0x1700, 0x1CFF), (0xA800, 0xABFF), (0xFB50, 0xFEFC), (0x10A00, 0x11FFF), (0x1E900, 0x1E95F),
    ];

    /// <summary>Whether a rune is one of them, wherever it stands.</summary>
    public static bool Contains(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format && !Rune.IsWhiteSpace(rune);

    /// <summary>Takes them out of a text, in place.</summary>
    /// <param name="runes">The text, decomposed.</param>
    /// <returns>How many are left.</returns>
    public static int RemoveFrom(Span<RuneWithOffset> runes)
    {
        int count = 0, visible = 0;
        for (int i = 0; i < runes.Length; i++)
        {
            int value = runes[i].Value;
            if (Contains(new Rune(value)))
            {
                // Goes forward only, so that a long run of them takes no quadratic time.
                visible = Math.Max(visible, i + 1);
                while (visible < runes.Length && Contains(new Rune(runes[visible].Value)))
                    visible++;
                if (!Joins(count > 0 ? runes[count - 1].Value : -1, value, visible < runes.Length ? runes[visible].Value : -1))
                    continue;
            }
            runes[count++] = runes[i];
        }
        return count;
    }

    /// <param name="before">What is kept before it; -1: nothing.</param>
    /// <param name="rune">An invisible one.</param>
    /// <param name="after">The next visible one; -1: there is none.</param>
    private static bool Joins(int before, int rune, int after)
    {
        if (before < 0)
            return false;
        if (rune is >= FirstTag and <= LastTag)
            return before is BlackFlag or (>= FirstTag and < LastTag);
        if (rune is not (Joiner or NonJoiner))
            return false;
        return CanonicalMappings.CombiningClass(before) == Virama
            || (after >= 0 && ((IsOfJoiningScript(before) && IsOfJoiningScript(after)) ||
                (rune == Joiner && IsEmoji(before) && IsEmoji(after))));
    }

    private static bool IsOfJoiningScript(int rune) =>
        Array.Exists(JoiningScripts, block => rune >= block.First && rune <= block.Last) && TokenRanges.IsOfWord(new Rune(rune));

    /// <summary>Also what an emoji may end with: a variation selector, a tone of skin, a tag.</summary>
    private static bool IsEmoji(int rune) => rune is 0xFE0F or LastTag
        || (rune >= 0x2000 &&
            Rune.GetUnicodeCategory(new Rune(rune)) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol
            or UnicodeCategory.MathSymbol);
}
