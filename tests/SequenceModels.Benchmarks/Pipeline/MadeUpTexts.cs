using System.Text;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>
/// Texts like film reviews, made from a seed: words that follow Zipf's law (the k-th most frequent occurs 1/k as often as the
/// first), and labels that depend on some of the words. What they cost is like reviews; what they say is nothing.
/// </summary>
internal sealed class MadeUpTexts
{
    private const int Words = 20_000;

    /// <summary>Lengths are log-normal: most texts are shorter than the mean and a few much longer.</summary>
    private const double MeanLength = 230, LogDeviation = 0.6;

    /// <summary>One word in so many speaks for a yes, and the next for a no.</summary>
    private const int WordsPerOpinion = 20;

    private static readonly string[] s_syllables =
        [.. "bdfgklmnprst".SelectMany(consonant => "aeiou".Select(vowel => $"{consonant}{vowel}"))];

    private readonly Random _random;
    private readonly string[] _words = [.. Enumerable.Range(0, Words).Select(Word)];
    private readonly double[] _shares = new double[Words];

    public MadeUpTexts(int seed)
    {
        _random = new Random(seed);
        double sum = 0;
        for (int word = 0; word < Words; word++)
            _shares[word] = sum += 1.0 / (word + 1);
    }

    /// <summary>Texts of very different lengths.</summary>
    public IReadOnlyList<TextRow> Reviews(int count) => [.. Enumerable.Range(0, count).Select(_ => Make(Length()))];

    /// <summary>Texts of equal length.</summary>
    public IReadOnlyList<TextRow> OfLength(int words, int count) => [.. Enumerable.Range(0, count).Select(_ => Make(words))];

    private TextRow Make(int length)
    {
        var text = new StringBuilder();
        int opinion = 0;
        for (int i = 0; i < length; i++)
        {
            int word = Draw();
            opinion += (word % WordsPerOpinion) switch { WordsPerOpinion - 2 => 1, WordsPerOpinion - 1 => -1, _ => 0 };
            text.Append(_words[word]).Append(i < length - 1 ? ' ' : '.');
        }
        return new TextRow(opinion > 0 || (opinion == 0 && _random.Next(2) == 0), text.ToString());
    }

    private int Draw()
    {
        int at = Array.BinarySearch(_shares, _random.NextDouble() * _shares[^1]);
        return at < 0 ? ~at : at;
    }

    private int Length()
    {
        // Box and Muller: a normal number from two uniform ones.
        double normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        double meanOfLog = Math.Log(MeanLength) - LogDeviation * LogDeviation / 2;
        return Math.Max(1, (int)Math.Exp(meanOfLog + LogDeviation * normal));
    }

    /// <summary>A number written with syllables for digits: frequent words are short.</summary>
    private static string Word(int number)
    {
        string word = "";
        do
        {
            word += s_syllables[number % s_syllables.Length];
            number /= s_syllables.Length;
        }
        while (number > 0);
        return word;
    }
}
