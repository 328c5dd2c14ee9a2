using SequenceModels.Metrics;
using Xunit;

namespace SequenceModels.Tests.Metrics;

/// <summary>Against the figures in sacreBLEU's own tests (version 2.6.0).</summary>
public class ChrFTests
{
    /// <summary>test_cases_effective_order of test_chrf.py; precision and recall are equal, so that β does not matter.</summary>
    [Theory]
    [InlineData("a", "a", 100)]
    [InlineData("", "reference", 0)]
    [InlineData("", "c", 0)]
    [InlineData("a b c", "a b c", 100)]
    [InlineData("a b c", "abc", 100)]
    [InlineData("aa", "ab", 25)]
    [InlineData("", "", 0)]
    [InlineData("a", "", 0)]
    public void Single_texts(string hypothesis, string reference, double expected) =>
        Assert.Equal(expected, Of(0, hypothesis, reference).Score, 1e-10);

    /// <summary>
    /// test_cases and test_sentence_level_chrf of test_chrf.py are computed with another smoothing: of our counts that gives
    /// the same.
    /// </summary>
    [Theory]
    [InlineData("Co nás nejvíc trápí, protože lékaři si vybírají, kdo bude žít a kdo zemře.",
        "Nejvíce smutní jsme z toho, že musíme rozhodovat o tom, kdo bude žít a kdo zemře.", 2, 39.14078509)]
    [InlineData("Nebo prostě nemají vybavení, které by jim pomohlo, uvedli lékaři.",
        "A někdy nemáme ani potřebný materiál, abychom jim pomohli, popsali lékaři.", 2, 31.22557079)]
    [InlineData("Lapali po dechu, jejich životy skončily dřív, než skutečně začaly.",
        "Lapali po dechu a pak jejich život skončil - dřív, než skutečně mohl začít, připomněli.", 2, 57.15704367)]
    [InlineData(" Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. ",
        "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.", 3, 64.1302698)]
    public void Counts_of_n_grams(string hypothesis, string reference, double beta, double expected) => Assert.Equal(expected,
        Of(0, hypothesis, reference).Overlaps.Average(order => FScore(order, beta)), 1e-4); // as near as test_chrf.py wants it

    /// <summary>
    /// Worked out by hand. "ab c" against "abd": characters 2/3 and 2/3, pairs 1/2 and 1/2, threes none. The word order adds
    /// words: none of 2 and 1; pairs of words the reference has none of.
    /// </summary>
    [Fact]
    public void Orders_without_n_grams_do_not_count()
    {
        Assert.Equal(100 * (2.0 / 3 + 1.0 / 2 + 0) / 3, Of(0, "ab c", "abd").Score, 1e-10);
        Assert.Equal(100 * (2.0 / 3 + 1.0 / 2 + 0 + 0) / 4, Of(2, "ab c", "abd").Score, 1e-10);
    }

    /// <summary>
    /// Precision 2/2, 1/1; recall 2/4, 1/3; then P = 1, R = 5/12; F = 5 P R / (4 P + R) with the threes and fours left out.
    /// </summary>
    [Fact]
    public void Recall_counts_four_times_as_much()
    {
        const double recall = 5.0 / 12;
        Assert.Equal(100 * 5 * recall / (4 + recall), Of(0, "ab", "abcd").Score, 1e-10);
    }

    [Fact]
    public void Counts_are_summed_over_the_corpus()
    {
        var chrF = new ChrF();
        chrF.Add("a", "a"); // test_chrf.py
        chrF.Add("b", "c");
        Assert.Equal(50, chrF.Score, 1e-10);
        chrF.Add("zz", ""); // without a reference nothing counts
        Assert.Equal(50, chrF.Score, 1e-10);
    }

    [Fact]
    public void The_best_reference_counts()
    {
        var chrF = new ChrF();
        chrF.Add("abcdef", "xyz", "abcdef", "abc");
        Assert.Equal(100, chrF.Score, 1e-10);
        Assert.Equal("chrF2|nrefs:3|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0 = 100.00", chrF.ToString());
    }

    /// <summary>Words are what stands between white space, but for one mark at one side.</summary>
    [Theory]
    [InlineData("(hi)", "(hi )")] // the mark at the end goes first
    [InlineData("hi! (there", "hi ! ( there")]
    [InlineData("hi!!", "hi! !")]
    [InlineData("$5 ~", "$ 5 ~")]
    [InlineData("it's \u00bfwhat\u2026", "it's \u00bfwhat\u2026")] // ASCII's marks alone
    public void Words_lose_one_mark(string text, string words)
    {
        var numbers = new WordNumbers();
        Assert.Equal(numbers.Of(words.Split(' ')), new ChrFText(text, numbers).Words);
    }

    [Fact]
    public void Characters_are_code_points()
    {
        NGramOverlap[] overlaps = [.. Of(0, "😀é", "😁e\u0301").Overlaps];
        Assert.Equal([new(2, 3, 0), new(1, 2, 0), new(0, 1, 0)], overlaps[..3]);
        Assert.Equal("chrF2++|nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0 = 100.00",
            Of(2, "a b", "a b").ToString());
    }

    [Fact]
    public void Bad_input_is_named()
    {
        Assert.Throws<ArgumentException>(() => new ChrF().Add("a"));
        Assert.Throws<ArgumentNullException>(() => new ChrF().Add(null!, "a"));
        Assert.Throws<ArgumentNullException>(() => new ChrF().Add("a", [null!]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChrF(5));
    }

    private static double FScore(NGramOverlap order, double beta)
    {
        double precision = (double)order.Matches / order.Hypothesis, recall = (double)order.Matches / order.Reference;
        return precision + recall == 0 ? 0
            : 100 * (1 + beta * beta) * precision * recall / (beta * beta * precision + recall);
    }

    private static ChrF Of(int wordOrder, string hypothesis, string reference)
    {
        var chrF = new ChrF(wordOrder);
        chrF.Add(hypothesis, reference);
        return chrF;
    }
}
