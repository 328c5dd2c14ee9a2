using System.Runtime.InteropServices;

namespace SequenceModels.Text;

/// <summary>Counts in how many texts each n-gram occurs, and makes a vocabulary of those that occur in most.</summary>
internal sealed class NGramLearner
{
    /// <summary>An n-gram of one text serves no other text, however often that text is there.</summary>
    private const int FewestTexts = 2;

    /// <summary>
    /// Of more different n-grams than this (some 700 MB), those seen once are forgotten: beyond it the order of texts matters.
    /// </summary>
    private const int MostCounted = 1 << 24;

    private readonly NGramHashes _ngrams = new();
    private readonly NGramParts _parts = new();
    private readonly Dictionary<ulong, int> _counts = [];
    private readonly HashSet<ulong> _texts = [];

    /// <summary>Different n-grams that were counted.</summary>
    public int Seen => _counts.Count;

    /// <summary>Counts the n-grams of a text; one that was there already counts nothing more.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        List<ulong> hashes = _ngrams.Of(text, _parts);
        ulong whole = 0;
        foreach (ulong hash in hashes)
            whole = NGramHashes.Join(whole, hash);
        if (!_texts.Add(whole))
            return;
        for (int i = 0; i < hashes.Count; i++)
            if (i == 0 || hashes[i] != hashes[i - 1])
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, hashes[i], out _)++;
        if (_counts.Count <= MostCounted)
            return;
        foreach ((ulong hash, int count) in _counts)
            if (count == 1)
                _counts.Remove(hash);
        _parts.RemoveWords(word => TextsOf(NGramHashes.OfWords(word)) == 0);
    }

    /// <summary>The n-grams of at least two texts, those of most texts first, ties by their hashes.</summary>
    /// <param name="maximumSize">How many at most.</param>
    public NGramVocabulary Finish(int maximumSize)
    {
        KeyValuePair<ulong, int>[] known =
        [
            .. _counts.Where(pair => pair.Value >= FewestTexts).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)
                .Take(maximumSize),
        ];
        // No part of an n-gram is in fewer texts than the n-gram.
        int fewest = known.Length == 0 ? int.MaxValue : known[^1].Value;
        return new NGramVocabulary(
            Array.ConvertAll(known, pair => pair.Key),
            Array.ConvertAll(known, pair => WeightOf(pair.Value)),
            [.. _parts.Words.Where(word => TextsOf(NGramHashes.OfWords(word.Key)) >= fewest).Select(word => word.Value)
                .Order(StringComparer.Ordinal)],
            [.. _parts.Characters.Where(character =>
                TextsOf(NGramHashes.OfCharacters(NGramHashes.ValueOf(character))) >= fewest).Order()]);
    }

    private int TextsOf(ulong hash) => _counts.GetValueOrDefault(hash);

    /// <summary>The logarithm of the inverse share of texts, at least log 1.5.</summary>
    private float WeightOf(int texts) => (float)Math.Log(1 + _texts.Count / (1.0 + texts));
}
