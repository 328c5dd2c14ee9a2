using System.Globalization;
using System.Reflection;
using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// Unicode's lower case, by no culture. The runtime's own follows the machine's ICU, leaves "İ" as it is, and knows no final
/// sigma; a saved model must read a text alike everywhere.
/// </summary>
internal static class LowerCase
{
    private const int DottedCapitalI = 0x130, Sigma = 0x3A3, SmallSigma = 0x3C3, FinalSigma = 0x3C2;

    private static readonly Dictionary<int, int> Lowered = [];

    static LowerCase()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("SequenceModels.Text.LowerCase.txt")!;
        using var lines = new StreamReader(stream);
        while (lines.ReadLine() is string line)
        {
            if (line.StartsWith('#'))
                continue;
            string[] words = line.Split(' '), ends = words[0].Split('-');
            int last = int.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            int step = int.Parse(words[1], CultureInfo.InvariantCulture),
                distance = int.Parse(words[2], CultureInfo.InvariantCulture);
            for (int rune = int.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture); rune <= last; rune += step)
                Lowered.Add(rune, rune + distance);
        }
    }

    /// <summary>The lower case of a rune by itself.</summary>
    public static int Map(int rune) => Lowered.GetValueOrDefault(rune, rune);

    /// <summary>Whether the rune by itself does not tell all: it is a sigma, or "İ", which becomes two runes.</summary>
    public static bool DependsOnContext(int rune) => rune is Sigma or DottedCapitalI;

    /// <summary>Lowers a whole text, in place: of canonically equal texts it makes canonically equal ones.</summary>
    /// <param name="runes">The text, decomposed, so that "İ" is an I and its dot.</param>
    /// <remarks>
    /// The Unicode Standard, section 3.13: a sigma after a letter with case is final where none follows in the same word.
    /// </remarks>
    public static void MapInPlace(Span<RuneWithOffset> runes)
    {
        bool follows = false; // the last rune that counts has case
        int next = 0;
        for (int i = 0; i < runes.Length; i++)
        {
            int rune = runes[i].Value;
            int lower = Map(rune);
            if (rune == Sigma)
            {
                // Goes forward only, so that a long run of marks takes no quadratic time.
                for (next = Math.Max(next, i + 1); next < runes.Length && IsIgnored(runes[next].Value); next++)
                {
                }
                bool ends = next == runes.Length || !HasCase(runes[next].Value);
                lower = follows && ends ? FinalSigma : SmallSigma;
            }
            if (!IsIgnored(rune))
                follows = HasCase(rune);
            if (lower != rune)
                runes[i] = runes[i] with { Value = lower };
        }
    }

    /// <summary>The lower case of a text by itself.</summary>
    public static string Map(string text) => TextNormalizer.Normalize(text, TextForm.Composed | TextForm.Lowered).ToString();

    /// <summary>Unicode's property Cased.</summary>
    private static bool HasCase(int rune) => Rune.GetUnicodeCategory(new Rune(rune)) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || rune is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9);

    /// <summary>Unicode's property Case_Ignorable.</summary>
    private static bool IsIgnored(int rune) =>
        rune is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024
        or 0x2027 or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A
        || Rune.GetUnicodeCategory(new Rune(rune)) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
