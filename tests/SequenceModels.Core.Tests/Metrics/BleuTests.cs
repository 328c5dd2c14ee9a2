using Xunit;

namespace SequenceModels.Tests.Metrics;

/// <summary>Against the figures in sacreBLEU's own tests and readme (version 2.6.0).</summary>
public class BleuTests
{
    private static readonly string[] Hypotheses =
        ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."];

    private static readonly string[] References = ["The dog bit the man.", "It was not unexpected.", "The man bit him first."];

    private static readonly string[] OtherReferences =
        ["The dog had bit the man.", "No one was surprised.", "The man had bitten the dog."];

    /// <summary>test_corpus_bleu_cases of test_bleu.py.</summary>
    [Theory]
    [InlineData(BleuTokenization.Mteval13a, 48.530827)]
    [InlineData(BleuTokenization.None, 49.1919566)]
    public void A_corpus_with_two_references_a_row(BleuTokenization tokenization, double expected) =>
        Assert.Equal(expected, OfCorpus(tokenization).Score, 1e-6);

    [Fact]
    public void The_parts_are_those_of_the_readme()
    {
        Assert.Equal("BLEU|nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0 = 48.53 82.4/50.0/45.5/37.5 " +
            "(BP = 0.943 ratio = 0.944 hyp_len = 17 ref_len = 18)", OfCorpus(BleuTokenization.Mteval13a).ToString());
        Assert.Contains("|tok:none|", OfCorpus(BleuTokenization.None).Signature, StringComparison.Ordinal);
    }

    /// <summary>test_sentence_bleu.py: no 3-gram and no 4-gram is common, so that both are smoothed.</summary>
    [Theory]
    [InlineData(BleuTokenization.Mteval13a, 8.493)]
    [InlineData(BleuTokenization.None, 7.347)]
    public void Zeros_are_halved_once_more_each_time(BleuTokenization tokenization, double expected) => Assert.Equal(expected,
        Of(tokenization, "Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;",
            "producţia de zahăr brut se exprimă în zahăr alb;").Score, 1e-3);

    /// <summary>The first: of test_bleu.py.</summary>
    [Theory]
    [InlineData("this is a cat", "okay thanks", 0)] // nothing in common: no smoothing
    [InlineData("okay thanks a lot", "", 0)]
    [InlineData("", "okay thanks", 0)]
    [InlineData("", "", 0)]
    [InlineData("a b c", "a b c", 0)] // no 4-gram at all
    [InlineData("a b c d", "a b c d", 100)]
    [InlineData("a b c d x", "a b c d y", 66.87403049764218)] // (4/5 · 3/4 · 2/3 · 1/2) ^ 1/4
    [InlineData("this is a fest", "this is a test", 59.460355750136046)] // (3/4 · 2/3 · 1/2 · 1/(2 · 1)) ^ 1/4
    [InlineData("a x b y", "a b x y", 22.59005009024612)] // (1/1 · 1/(2 · 3) · 1/(4 · 2) · 1/(8 · 1)) ^ 1/4
    public void Single_sentences(string hypothesis, string reference, double expected) =>
        Assert.Equal(expected, Of(BleuTokenization.Mteval13a, hypothesis, reference).Score, 1e-9);

    [Fact]
    public void Rows_count_together_and_not_as_a_mean()
    {
        var bleu = new Bleu(BleuTokenization.None);
        bleu.Add("a b c d", "a b c d");
        bleu.Add("", "e f");
        bleu.Add("e", "e");
        Assert.Equal((5, 7), (bleu.HypothesisLength, bleu.ReferenceLength));
        Assert.Equal(100 * Math.Exp(1 - 7.0 / 5), bleu.Score, 1e-10);
        Assert.Equal([100, 100, 100, 100], bleu.Precisions);
    }

    [Fact]
    public void An_n_gram_counts_as_often_as_the_reference_that_has_it_most()
    {
        var bleu = new Bleu(BleuTokenization.None);
        bleu.Add("the the the the", "the cat", "the the dog");
        Assert.Equal([50, 100.0 / 3, 25, 25], bleu.Precisions); // of 4, 3, 2, 1: 2 and 1 common, then smoothed
    }

    [Theory]
    [InlineData("a b c", new[] { "a b", "a b c d", "a" }, 2)] // of two as close the shorter one
    [InlineData("a b c", new[] { "a b c d", "a b" }, 2)]
    [InlineData("a b c", new[] { "a b c d e", "a b c d" }, 4)]
    [InlineData("", new[] { "a b c d e", "" }, 0)]
    public void The_closest_reference_gives_the_length(string hypothesis, string[] references, int expected)
    {
        var bleu = new Bleu();
        bleu.Add(hypothesis, references);
        Assert.Equal(expected, bleu.ReferenceLength);
    }

    [Fact]
    public void The_signature_tells_how_many_references_there_were()
    {
        var bleu = new Bleu();
        Assert.StartsWith("nrefs:0|", bleu.Signature, StringComparison.Ordinal);
        bleu.Add("a", "b");
        Assert.StartsWith("nrefs:1|", bleu.Signature, StringComparison.Ordinal);
        bleu.Add("a", "b", "c");
        Assert.StartsWith("nrefs:var|", bleu.Signature, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_in_place_of_words_give_the_same()
    {
        Bleu words = Of(BleuTokenization.None, "a b c d e b", "a b c e d b"), numbers = new(BleuTokenization.None);
        numbers.Add([1, 2, 3, 4, 5, 2], [1, 2, 3, 5, 4, 2]);
        Assert.Equal(words.ToString(), numbers.ToString());
    }

    [Fact]
    public void Bad_input_is_named()
    {
        Assert.Contains("at least one reference", Assert.Throws<ArgumentException>(() => new Bleu().Add("a")).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new Bleu().Add(null!, "a"));
        Assert.Throws<ArgumentNullException>(() => new Bleu().Add("a", [null!]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Bleu((BleuTokenization)7));
    }

    private static Bleu Of(BleuTokenization tokenization, string hypothesis, params string[] references)
    {
        var bleu = new Bleu(tokenization);
        bleu.Add(hypothesis, references);
        return bleu;
    }

    private static Bleu OfCorpus(BleuTokenization tokenization)
    {
        var bleu = new Bleu(tokenization);
        for (int i = 0; i < Hypotheses.Length; i++)
            bleu.Add(Hypotheses[i], References[i], OtherReferences[i]);
        return bleu;
    }
}
