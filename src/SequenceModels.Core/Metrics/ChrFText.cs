using System.Text;

namespace SequenceModels.Metrics;

/// <summary>A text as chrF sees it.</summary>
internal readonly struct ChrFText
{
    /// <param name="text">Any text.</param>
    /// <param name="numbers">Numbers the words; null: they are not needed.</param>
    public ChrFText(string text, WordNumbers? numbers)
    {
        List<string> words = WhiteSpace.Split(text);
        var characters = new List<int>(text.Length);
        foreach (string word in words)
            foreach (Rune rune in word.EnumerateRunes())
                characters.Add(rune.Value);
        Characters = [.. characters];
        Words = numbers is null ? [] : numbers.Of([.. words.SelectMany(CutMark)]);
    }

    /// <summary>Code points of all that is not white space.</summary>
    public int[] Characters { get; }

    /// <summary>Numbers of the words, and of the marks that were cut off them.</summary>
    public int[] Words { get; }

    /// <summary>One mark goes off a word of several characters: that at its end, or else that at its beginning.</summary>
    private static IEnumerable<string> CutMark(string word)
    {
        if (word.Length > 1 && IsMark(word[^1]))
            return [word[..^1], word[^1..]];
        return word.Length > 1 && IsMark(word[0]) ? [word[..1], word[1..]] : [word];
    }

    /// <summary>ASCII's punctuation marks and signs.</summary>
    private static bool IsMark(char unit) => char.IsAscii(unit) && (char.IsPunctuation(unit) || char.IsSymbol(unit));
}
