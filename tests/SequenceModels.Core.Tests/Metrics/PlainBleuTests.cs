using Xunit;

namespace SequenceModels.Tests.Metrics;

/// <summary>BLEU of random corpora against the definition, word by word.</summary>
public class PlainBleuTests
{
    [Fact]
    public void Random_corpora_with_one_and_with_several_references()
    {
        var random = new Random(4);
        int smoothed = 0, zero = 0;
        for (int corpus = 0; corpus < 200; corpus++)
        {
            (string[] Hypothesis, string[][] References)[] rows =
                [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (Words(), References()))];
            var bleu = new Bleu(BleuTokenization.None);
            foreach ((string[] hypothesis, string[][] references) in rows)
                bleu.Add(string.Join(' ', hypothesis), Array.ConvertAll(references, words => string.Join("  ", words)));
            double expected = Plain(rows, ref smoothed);
            zero += expected == 0 ? 1 : 0;
            Assert.Equal(expected, bleu.Score, 1e-9);
        }
        Assert.True(smoothed > 20 && zero is > 5 and < 150, $"{smoothed} smoothed, {zero} zero");

        string[][] References() => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Words())];

        string[] Words() => [.. Enumerable.Range(0, random.Next(9)).Select(_ => "abc"[random.Next(3)].ToString())];
    }

    private static double Plain((string[] Hypothesis, string[][] References)[] rows, ref int smoothed)
    {
        int length = rows.Sum(row => row.Hypothesis.Length), closest = rows.Sum(row => row.References
            .Select(words => words.Length).OrderBy(size => Math.Abs(size - row.Hypothesis.Length)).ThenBy(size => size).First());
        double product = 1;
        int zeros = 0;
        for (int n = 1; n <= 4; n++)
        {
            int right = 0, all = 0;
            foreach ((string[] hypothesis, string[][] references) in rows)
            {
                all += NGrams(hypothesis, n).Count;
                foreach (string nGram in NGrams(hypothesis, n).Distinct())
                    right += Math.Min(NGrams(hypothesis, n).Count(each => each == nGram),
                        references.Max(words => NGrams(words, n).Count(each => each == nGram)));
            }
            if (all == 0 || (n == 1 && right == 0))
                return 0;
            product *= (right > 0 ? right : Math.Pow(2, -++zeros)) / all;
        }
        smoothed += zeros > 0 ? 1 : 0;
        return 100 * Math.Pow(product, 0.25) * (length < closest ? Math.Exp(1 - (double)closest / length) : 1);
    }

    private static List<string> NGrams(string[] words, int n) =>
        [.. Enumerable.Range(0, Math.Max(0, words.Length - n + 1)).Select(i => string.Join(' ', words[i..(i + n)]))];
}
