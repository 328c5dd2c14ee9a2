using System.Globalization;

namespace SequenceModels.Tests.Translation;

/// <summary>
/// Pairs that are learned in a moment: a number in words, digit by digit, and its digits from the last to the first.
/// </summary>
internal static class SpelledNumbers
{
    private static readonly string[] s_words = ["zero", "one", "two", "three", "four"];

    public sealed class Row
    {
        public string Source { get; set; } = "";

        public string Target { get; set; } = "";
    }

    /// <summary>Numbers of one to five digits.</summary>
    public static Row[] Create(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int[] digits = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(s_words.Length))];
            return new Row
            {
                Source = string.Join(' ', digits.Select(digit => s_words[digit])),
                Target = string.Concat(digits.Reverse().Select(digit => digit.ToString(CultureInfo.InvariantCulture))),
            };
        })];
    }
}
