using System.Text;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Sequences;

public class BytePairLearnerTests
{
    [Theory]
    [InlineData(1, "ab")]
    [InlineData(2, "abc")]
    [InlineData(3, "abcdefgh")]
    [InlineData(4, "a")]
    [InlineData(5, "a\u00e9\ud55c")]
    [InlineData(6, "ab")]
    [InlineData(7, "abc")]
    public void Merges_are_those_of_counting_all_pairs_anew_each_time(int seed, string letters)
    {
        var random = new Random(seed);
        Dictionary<string, long> words = [];
        for (int i = 0; i < 60; i++)
            words[string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => letters[random.Next(letters.Length)]))] =
                random.Next(1, 9);
        foreach ((int size, int minimum) in new[] { (300, 2), (270, 2), (400, 1), (300, 12) })
        {
            string[] expected = Reference(words, size, minimum);
            BytePairMerges found = BytePairLearner.Learn(words, size, minimum);
            Assert.Equal(expected, MergeLines.Of(found));
            Assert.Equal(256 + expected.Select(line => line.Replace(" ", "")).Distinct().Count(), found.Tokens.Count);
        }
    }

    [Fact]
    public void Two_ways_to_one_token_are_one_token()
    {
        // "abc" comes of ab + c and of a + bc.
        var words = new Dictionary<string, long> { ["xabc"] = 9, ["ab"] = 20, ["bc"] = 3, ["bcbc"] = 8, ["dabce"] = 9 };
        BytePairMerges merges = BytePairLearner.Learn(words, 300, 1);
        Assert.Equal(Reference(words, 300, 1), MergeLines.Of(merges));
        Assert.Equal(merges.Tokens.Count, merges.Tokens.Distinct().Count());
    }

    [Fact]
    public void The_order_of_words_leaves_no_trace()
    {
        KeyValuePair<string, long>[] words =
            [.. Enumerable.Range(0, 500).Select(i => KeyValuePair.Create($"w{i % 97}{i * i}", i % 7 + 1L))];
        var shuffled = words.ToArray();
        new Random(1).Shuffle(shuffled);
        Assert.Equal(
            MergeLines.Of(BytePairLearner.Learn(words, 600, 2)), MergeLines.Of(BytePairLearner.Learn(shuffled, 600, 2)));
    }

    [Fact]
    public void A_ruler_becomes_no_endless_token()
    {
        BytePairMerges merges = BytePairLearner.Learn([KeyValuePair.Create(new string('-', 100_000), 1L)], 1000, 2);
        Assert.Equal(BytePairMerges.LongestToken, merges.Tokens.Max(token => token.Length));
    }

    /// <summary>
    /// Sennrich et al., algorithm 1, to the letter: count all pairs, merge the best one everywhere, begin again.
    /// </summary>
    private static string[] Reference(Dictionary<string, long> words, int vocabularySize, int minimumCount)
    {
        List<(List<string> Symbols, long Count)> all = [.. words.Select(word =>
            (Encoding.UTF8.GetBytes(word.Key).Select(b => ByteAlphabet.ToChar(b).ToString()).ToList(), word.Value))];
        HashSet<string> tokens = [.. ByteAlphabet.All];
        var merges = new List<string>();
        while (tokens.Count < vocabularySize)
        {
            var counts = new Dictionary<(string Left, string Right), long>();
            foreach ((List<string> symbols, long count) in all)
                for (int i = 0; i + 1 < symbols.Count; i++)
                    counts[(symbols[i], symbols[i + 1])] = counts.GetValueOrDefault((symbols[i], symbols[i + 1])) + count;
            var best = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Left, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Right, StringComparer.Ordinal).FirstOrDefault();
            if (best.Value < minimumCount || best.Value == 0)
                break;
            (string left, string right) = best.Key;
            tokens.Add(left + right);
            if (!merges.Contains($"{left} {right}"))
                merges.Add($"{left} {right}");
            foreach ((List<string> symbols, _) in all)
                for (int i = 0; i + 1 < symbols.Count; i++)
                    if (symbols[i] == left && symbols[i + 1] == right)
                    {
                        symbols[i] += right;
                        symbols.RemoveAt(i + 1);
                    }
        }
        return [.. merges];
    }
}
