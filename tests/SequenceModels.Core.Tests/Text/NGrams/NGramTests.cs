using System.Globalization;
using SequenceModels.Files;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Core.Tests.Text;

/// <summary>Which n-grams texts have, which of them are learned, and what they count.</summary>
public class NGramTests
{
    [Fact]
    public void A_text_has_its_words_its_pairs_and_runs_of_up_to_five_characters()
    {
        List<ulong> hashes = new NGramHashes().Of("ab cd");
        // Words: ab, cd; pairs: |ab, ab cd, cd|. Characters of " ab cd ": 7 + 6 + 5 + 4 + 3.
        Assert.Equal(5, hashes.Count(hash => !NGramHashes.IsOfCharacters(hash)));
        Assert.Equal(25, hashes.Count(NGramHashes.IsOfCharacters));
        Assert.Equal(hashes.Order(), hashes);
        Assert.Equal(30 - 2, hashes.Distinct().Count()); // the space stands three times
    }

    [Theory]
    [InlineData("Caf\u00E9  Bar", " cafe\u0301\tbar\n")] // composed, lower case, white space
    [InlineData("so\u200Bgood", "sogood")] // invisible
    public void Texts_that_read_alike_have_the_same_ngrams(string one, string other) =>
        Assert.Equal([.. new NGramHashes().Of(one)], new NGramHashes().Of(other));

    [Theory]
    [InlineData("not good", "good not")]
    [InlineData("ab", "a b")]
    [InlineData("x", "y")]
    public void Texts_that_read_differently_have_not(string one, string other)
    {
        ulong[] first = [.. new NGramHashes().Of(one)];
        Assert.NotEqual(first, new NGramHashes().Of(other));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    public void A_text_without_characters_has_none(string text) => Assert.Empty(new NGramHashes().Of(text));

    /// <summary>What saved models hold: the numbers may never change.</summary>
    [Fact]
    public void Hashes_stay_what_they_are() => Assert.Equal("0d9fb3e26d8d1c4d",
        new NGramHashes().Of("\uD55C a").Aggregate(0UL, (sum, hash) => sum * 31 + hash)
            .ToString("x16", CultureInfo.InvariantCulture));

    [Fact]
    public void Each_ngram_stands_where_its_characters_do()
    {
        const string text = " Good\u00A0 cafe\u0301!";
        (ulong Hash, TokenOffset Place)[] all = new NGramHashes().WithPlaces(text);
        Assert.Equal(new NGramHashes().Of(text), all.Select(ngram => ngram.Hash).Order());
        string[] read = [.. all.Select(ngram => text.Substring(ngram.Place.Start, ngram.Place.Length))];
        Assert.Contains("Good", read);
        Assert.Contains("cafe\u0301", read);
        Assert.Contains("Good\u00A0 cafe\u0301", read);
        Assert.Contains("e\u0301!", read);
    }

    [Fact]
    public void Ngrams_of_two_texts_are_learned_the_most_frequent_first_whatever_the_order_of_texts()
    {
        NGramVocabulary one = Learn(100, "good film", "good day", "bad film", "good"),
            other = Learn(100, "good", "bad film", "good day", "good film");
        Assert.Equal(one.Count, other.Count);
        var hashes = new NGramHashes();
        foreach (ulong hash in hashes.Of("good film").ToArray())
            Assert.Equal(one.SlotOf(hash), other.SlotOf(hash));
        Assert.All(hashes.Of("day"), hash => Assert.True(one.SlotOf(hash) < one.Count));
        Assert.Equal(3, Learn(3, "good film", "good day", "bad film", "good").Count);
        Assert.Equal(0, Learn(100, "one", "\u4E00").Count - Learn(100, "a", "b").Count);
    }

    /// <summary>Whoever makes hashes elsewhere needs these alone.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(7)]
    public void Every_known_ngram_is_made_of_known_words_or_characters(int most)
    {
        string[] texts = ["good film", "good day", "a Good film", "bad 👍 film", "👍 day"];
        NGramVocabulary vocabulary = Learn(most, texts);
        ulong[] words = [NGramHashes.TextEnd, .. vocabulary.Words.Select(word => NGramHashes.ValueOf(word))];
        ulong[] characters = [.. vocabulary.Characters.Select(NGramHashes.ValueOf)];
        var made = new HashSet<ulong>(words.Select(NGramHashes.OfWords));
        made.UnionWith(words.SelectMany(one => words, (one, next) => NGramHashes.OfWords(NGramHashes.Join(one, next))));
        ulong[] runs = characters;
        for (int n = 1; n <= NGramHashes.LongestOfCharacters; n++)
        {
            made.UnionWith(runs.Select(NGramHashes.OfCharacters));
            runs = [.. runs.SelectMany(run => characters, (run, next) => NGramHashes.Join(run, next)).Distinct()];
        }
        Assert.Equal(Math.Min(most, vocabulary.Count), vocabulary.Count);
        Assert.All(vocabulary.Hashes.ToArray(), hash => Assert.Contains(hash, made));
        Assert.DoesNotContain("bad", vocabulary.Words); // of one text
    }

    /// <summary>Such as a name that a list has often: its n-grams serve no other name.</summary>
    [Fact]
    public void A_text_that_is_there_often_counts_once()
    {
        NGramVocabulary vocabulary = Learn(1000, "good film", "good film", "Good  film", "bad film");
        Assert.Equal(["film"], vocabulary.Words);
        Assert.Equal(Learn(1000, "bad film", "good film").Weights, vocabulary.Weights);
        Assert.Equal(0, Learn(1000, "good film", "good film").Count);
    }

    [Fact]
    public void An_unknown_ngram_counts_as_often_as_it_occurs_and_a_known_one_once()
    {
        NGramVocabulary vocabulary = Learn(1000, "a b", "a c a b");
        float[] Of(string text)
        {
            var encoder = new NGramEncoder(vocabulary);
            encoder.Encode(text);
            return encoder.Values.ToArray();
        }
        Assert.Equal(Of("a b"), Of("a b a b a b"), Fewer);
        Assert.True(Of("a b zz")[0] > Of("a b zz zz")[0]);

        static bool Fewer(float one, float other) => other <= one && other > 0; // b a is unknown, and occurs twice
    }

    [Fact]
    public void Words_and_characters_have_the_same_norm_and_less_where_ngrams_are_unknown()
    {
        NGramVocabulary vocabulary = Learn(1000, "good film", "good day good film", "bad day");
        var encoder = new NGramEncoder(vocabulary);
        encoder.Encode("good film");
        double known = Norm(encoder);
        Assert.Equal(Math.Sqrt(2) * 8, known, 3);
        encoder.Encode("good film zzz");
        Assert.InRange(Norm(encoder), 1, known - 1);
        Assert.Equal(encoder.Slots.ToArray().Order().Distinct(), encoder.Slots.ToArray());
        encoder.Encode("");
        Assert.Equal(0, encoder.Slots.Length);

        static double Norm(NGramEncoder encoder) => Math.Sqrt(encoder.Values.ToArray().Sum(value => (double)value * value));
    }

    [Fact]
    public void A_vocabulary_is_read_as_it_was_written()
    {
        NGramVocabulary written = Learn(1000, "good film", "good film too");
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, "SEQGRAMS", 1, written.Write);
        stream.Position = 0;
        NGramVocabulary read = SealedPayload.Read(stream, "SEQGRAMS", 1, NGramVocabulary.Read);
        Assert.Equal(written.Count, read.Count);
        Assert.Equal(written.Words, read.Words);
        Assert.Equal(written.Characters, read.Characters);
        foreach (ulong hash in new NGramHashes().Of("good film too"))
            Assert.Equal(written.SlotOf(hash), read.SlotOf(hash));
        Assert.Equal(Enumerable.Range(0, read.Count).Select(written.WeightOf),
            Enumerable.Range(0, read.Count).Select(read.WeightOf));
    }

    private static NGramVocabulary Learn(int most, params string[] texts)
    {
        var learner = new NGramLearner();
        foreach (string text in texts)
            learner.Add(text);
        return learner.Finish(most);
    }
}
