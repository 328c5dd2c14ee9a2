using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// What a word looks like: its runs of capitals, of other letters, of digits and of other characters, each of one or of several.
/// "Paris" and "Rome" are alike, as are "NASA" and "WHO", "3-1" and "2-0". Three runs are told apart, and whether there are more.
/// </summary>
internal static class WordShape
{
    private const int Symbols = 8, Pairs = Symbols * Symbols, Triples = Symbols * Pairs;

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
            if (runs <= 3)
                code = several ? code + 1 : code * Symbols + 2 * kind;
        }
        return runs == 0 ? 0 : 1 + (uint)(code + runs switch
        {
            1 => 0,
            2 => Symbols,
            3 => Symbols + Pairs,
            _ => Symbols + Pairs + Triples
        });
    }

    private static int KindOf(Rune rune) =>
        Rune.IsUpper(rune) ? 0 : Rune.IsLetter(rune) ? 1 : Rune.IsDigit(rune) ? 2 : 3;
}
