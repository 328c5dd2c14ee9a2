using Xunit;

namespace SequenceModels.Tests.Metrics;

public class ErrorRatesTests
{
    /// <summary>Insertions, deletions and substitutions, by hand; "kitten" is Levenshtein's usual example.</summary>
    [Theory]
    [InlineData("sitting", "kitten", 1, 0, 2)]
    [InlineData("kitten", "sitting", 0, 1, 2)]
    [InlineData("", "abc", 0, 3, 0)]
    [InlineData("abc", "", 3, 0, 0)]
    [InlineData("", "", 0, 0, 0)]
    [InlineData("abc", "abc", 0, 0, 0)]
    [InlineData("ab", "ba", 0, 0, 2)] // one inserted and one deleted would be as few
    [InlineData("xabc", "abcy", 1, 1, 0)] // four substitutions would be more
    [InlineData("aab", "ab", 1, 0, 0)]
    public void Kinds_of_errors(string hypothesis, string reference, int insertions, int deletions, int substitutions)
    {
        ErrorRates rates = Of(hypothesis, reference);
        Assert.Equal((insertions, deletions, substitutions), (rates.Insertions, rates.Deletions, rates.Substitutions));
        Assert.Equal(hypothesis == reference ? 0 : 1, rates.SequenceErrorRate);
    }

    [Fact]
    public void Rates_are_of_all_rows_together()
    {
        var rates = new ErrorRates();
        Assert.Equal((0, 0), (rates.TokenErrorRate, rates.SequenceErrorRate));
        rates.Add<int>([1, 2, 3], [1, 2, 3]);
        rates.Add<int>([1], [1, 2, 3, 4, 5]);
        rates.Add<int>([], []);
        Assert.Equal((0.5, 1.0 / 3), (rates.TokenErrorRate, rates.SequenceErrorRate));
        Assert.Equal((3, 1, 8), (rates.NumberOfSequences, rates.NumberOfWrongSequences, rates.NumberOfTokens));
    }

    [Fact]
    public void Tokens_may_be_texts()
    {
        var rates = new ErrorRates();
        rates.Add<string>(["the", "cat", "sat"], ["the", "dog", "sat", "down"]);
        Assert.Equal((0.5, 0, 1, 1), (rates.TokenErrorRate, rates.Insertions, rates.Deletions, rates.Substitutions));
    }

    [Fact]
    public void Without_a_token_in_the_references_any_error_is_too_much() =>
        Assert.Equal(double.PositiveInfinity, Of("a", "").TokenErrorRate);

    /// <summary>Against every alignment, tried one by one.</summary>
    [Fact]
    public void The_fewest_edits_and_of_these_the_most_substitutions()
    {
        var random = new Random(3);
        for (int row = 0; row < 300; row++)
        {
            int[] hypothesis = Tokens(), reference = Tokens();
            var rates = new ErrorRates();
            rates.Add<int>(hypothesis, reference);
            (int edits, int moved) = Best(hypothesis, reference);
            Assert.Equal(((long)edits, (long)moved), (rates.Insertions + rates.Deletions + rates.Substitutions,
                rates.Insertions + rates.Deletions));
            Assert.Equal(hypothesis.Length - reference.Length, rates.Insertions - rates.Deletions);
        }

        int[] Tokens() => [.. Enumerable.Range(0, random.Next(7)).Select(_ => random.Next(3))];
    }

    /// <summary>All alignments: edits, and how many of them are no substitutions.</summary>
    private static (int Edits, int Moved) Best(ReadOnlySpan<int> hypothesis, ReadOnlySpan<int> reference)
    {
        if (hypothesis.IsEmpty || reference.IsEmpty)
            return (hypothesis.Length + reference.Length, hypothesis.Length + reference.Length);
        (int Edits, int Moved) both = Best(hypothesis[1..], reference[1..]), inserted = Best(hypothesis[1..], reference),
            deleted = Best(hypothesis, reference[1..]);
        int wrong = hypothesis[0] == reference[0] ? 0 : 1;
        return new[] { (both.Edits + wrong, both.Moved), (inserted.Edits + 1, inserted.Moved + 1),
            (deleted.Edits + 1, deleted.Moved + 1) }.Min();
    }

    private static ErrorRates Of(string hypothesis, string reference)
    {
        var rates = new ErrorRates();
        rates.Add<char>(hypothesis, reference);
        return rates;
    }
}
