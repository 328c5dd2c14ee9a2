using SequenceModels.Text;

namespace SequenceModels.Scoring;

/// <summary>
/// Deals what the n-grams of a text add to a score out to its tokens: an n-gram's share goes, in equal parts, to its occurrences,
/// and from each of these to the tokens that it touches; one that touches none, such as a space, is of all tokens.
/// </summary>
internal static class NGramShares
{
    /// <param name="text">The text.</param>
    /// <param name="features">What is read of it.</param>
    /// <param name="shareOf">From a slot and its number to what this adds.</param>
    /// <param name="shares">[T] of the tokens; added to.</param>
    /// <returns>What no token has, as there is none.</returns>
    public static double AddTo(ReadOnlySpan<char> text, TextFeatures features, Func<int, float, double> shareOf,
        Span<double> shares)
    {
        var tokens = new List<TokenOffset>();
        features.Tokenizer.Encode(text, features.Tokenizer.CreateEncoder(), [], tokens);
        var encoder = new NGramEncoder(features.NGrams);
        encoder.Encode(text);
        var ofSlot = new Dictionary<int, double>();
        for (int i = 0; i < encoder.Slots.Length; i++)
            ofSlot[encoder.Slots[i]] = shareOf(encoder.Slots[i], encoder.Values[i]);
        double left = 0;
        foreach (IGrouping<int, (ulong Hash, TokenOffset Place)> ngram in
            new NGramHashes().WithPlaces(text).GroupBy(ngram => features.NGrams.SlotOf(ngram.Hash)))
        {
            if (!ofSlot.TryGetValue(ngram.Key, out double share))
                continue;
            share /= ngram.Count();
            foreach ((_, TokenOffset place) in ngram)
                left += AddTo(place, share, tokens, shares);
        }
        for (int t = 0; t < shares.Length; t++)
            shares[t] += left / shares.Length;
        return shares.IsEmpty ? left : 0;
    }

    /// <summary>Deals a share out to the tokens that an occurrence touches; gives back what nobody takes.</summary>
    private static double AddTo(TokenOffset place, double share, List<TokenOffset> tokens, Span<double> shares)
    {
        int first = 0;
        while (first < shares.Length && tokens[first].End <= place.Start)
            first++;
        int end = first;
        while (end < shares.Length && tokens[end].Start < place.End)
            end++;
        for (int t = first; t < end; t++)
            shares[t] += share / (end - first);
        return end == first ? share : 0;
    }
}
