using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// What a word looks like: its runs of capitals, of other letters, of digits and of other characters, each of one or of several.
/// "Paris" and "Rome" are alike, as are "NASA" and "WHO", "3-1" and "2-0". Three runs are told apart, and whether there are more.
/// </summary>
internal static class WordShape
{
    /// <summary>What a run can be: one or several characters of four kinds.</summary>
    public const int Symbols = 8;

    /// <summary>Runs that are told apart.</summary>
    public const int MostRuns = 3;

    private const int Pairs = Symbols * Symbols, Triples = Symbols * Pairs;

    /// <summary>Different shapes; their keys count from 1.</summary>
    public const int Count = Symbols + Pairs + 2 * Triples;

    /// <summary>The key of a word's shape; 0: it has no characters.</summary>
    public static uint Of(ReadOnlySpan<char> word)
    {
        int runs = 0, code = 0, kind = -1;
        bool several = false;
        foreach (Rune rune in word.EnumerateRunes())
        {
            int next = KindOf(rune);
            if (next != kind)
                (runs, several) = (runs + 1, false);
            else if (several)
                continue;
            else
                several = true;
            kind = next;
            // A run of several replaces what its first character has said.
            if (runs <= MostRuns)
                code = several ? code + 1 : code * Symbols + 2 * kind;
        }
        return runs == 0 ? 0 : (uint)(code + FirstOf(Math.Min(runs, MostRuns + 1)));
    }

    /// <summary>The first key of shapes with so many runs; <see cref="MostRuns"/> + 1 of those with more.</summary>
    public static long FirstOf(int runs) => runs switch
    {
        0 or 1 => 1,
        2 => 1 + Symbols,
        3 => 1 + Symbols + Pairs,
        _ => 1 + Symbols + Pairs + Triples,
    };

    private static int KindOf(Rune rune) =>
        Rune.IsUpper(rune) ? 0 : Rune.IsLetter(rune) ? 1 : Rune.IsDigit(rune) ? 2 : 3;
}
