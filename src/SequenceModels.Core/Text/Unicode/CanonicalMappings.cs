using System.Globalization;
using System.Reflection;

namespace SequenceModels.Text;

/// <summary>
/// Unicode's canonical decompositions, compositions and combining classes. The runtime's own normalisation does nothing where
/// globalization is invariant, and follows the machine's ICU elsewhere; a saved model must read a text alike everywhere.
/// </summary>
internal static class CanonicalMappings
{
    // Hangul syllables are L V or L V T in a regular order (The Unicode Standard, section 3.12).
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    private static readonly Dictionary<int, (int First, int Second)> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, byte> CombiningClasses = [];

    // Marks, and whatever is decomposed or may compose with what precedes it; a text without any of them is composed.
    private static readonly HashSet<int> MayChange = [];

    static CanonicalMappings()
    {
        using Stream stream = Assembly.GetExecutingAssembly()
            .GetManifestResourceStream("SequenceModels.Text.CanonicalMappings.txt")!;
        using var lines = new StreamReader(stream);
        while (lines.ReadLine() is string line)
        {
            string[] words = line.Split(' ');
            if (words[0] == "#")
                continue;
            if (words[0].Split('-') is [string from, string to])
                AddClass(Hex(from), Hex(to), byte.Parse(words[1], CultureInfo.InvariantCulture));
            else
                AddDecomposition(Hex(words[0]), Hex(words[1]), words.Length > 2 ? Hex(words[2]) : 0, composes: words.Length == 3);
        }

        for (int vowel = 0; vowel < Vowels; vowel++)
            MayChange.Add(VowelBase + vowel);
        for (int tail = 1; tail < Tails; tail++)
            MayChange.Add(TailBase + tail);
    }

    /// <summary>0: begins a new character; others order the marks upon it.</summary>
    public static int CombiningClass(int rune) => CombiningClasses.GetValueOrDefault(rune);

    /// <summary>Whether a text with this rune may have to be changed to be in the composed form.</summary>
    public static bool MayChangeInNfc(int rune) => rune >= 0x300 && MayChange.Contains(rune);

    /// <summary>Whether a text with this rune may have to be changed to be in the decomposed form.</summary>
    public static bool MayChangeInNfd(int rune) => rune - SyllableBase is >= 0 and < Syllables
        || Decompositions.ContainsKey(rune) || CombiningClasses.ContainsKey(rune);

    /// <summary>Adds what the rune stands for, decomposed to the end.</summary>
    public static void Decompose(int rune, List<int> target)
    {
        int syllable = rune - SyllableBase;
        if (syllable is >= 0 and < Syllables)
        {
            target.Add(LeadBase + syllable / (Vowels * Tails));
            target.Add(VowelBase + syllable / Tails % Vowels);
            if (syllable % Tails > 0)
                target.Add(TailBase + syllable % Tails);
        }
        else if (Decompositions.TryGetValue(rune, out (int First, int Second) parts))
        {
            Decompose(parts.First, target);
            if (parts.Second > 0)
                Decompose(parts.Second, target);
        }
        else
        {
            target.Add(rune);
        }
    }

    /// <summary>The rune that stands for these two; 0 if none does.</summary>
    public static int Compose(int first, int second)
    {
        int lead = first - LeadBase, vowel = second - VowelBase, syllable = first - SyllableBase, tail = second - TailBase;
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            return SyllableBase + (lead * Vowels + vowel) * Tails;
        if (syllable is >= 0 and < Syllables && syllable % Tails == 0 && tail is > 0 and < Tails)
            return first + tail;
        return Compositions.GetValueOrDefault((first, second));
    }

    private static void AddClass(int from, int to, byte value)
    {
        for (int rune = from; rune <= to; rune++)
        {
            CombiningClasses[rune] = value;
            MayChange.Add(rune);
        }
    }

    private static void AddDecomposition(int rune, int first, int second, bool composes)
    {
        Decompositions[rune] = (first, second);
        if (!composes)
        {
            MayChange.Add(rune);
            return;
        }

        Compositions[(first, second)] = rune;
        MayChange.Add(second);
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
