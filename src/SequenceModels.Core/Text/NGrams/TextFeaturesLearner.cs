namespace SequenceModels.Text;

/// <summary>Learns the tokens and the n-grams of texts.</summary>
/// <param name="tokenization">
/// How texts are cut. Null: into words; or where nearly every word occurs a single time, as in texts without spaces between words
/// and in lists of names, into subwords.
/// </param>
/// <param name="maximumNGrams">How many n-grams are known at most; 0: none.</param>
internal sealed class TextFeaturesLearner(SequenceTokenization? tokenization, int maximumNGrams)
{
    private readonly TokenizerLearner? _tokens = tokenization is null ? null : new(tokenization);
    private readonly WordsOrSubwordsLearner? _either = tokenization is null ? new() : null;
    private readonly NGramLearner _ngrams = new();

    /// <summary>Whether subwords were taken, since nearly every word occurs a single time.</summary>
    public bool TakesSubwords => _either is not null && _either.Rare.IsNearlyAll;

    /// <summary>Different n-grams that were seen.</summary>
    public int NGramsSeen => _ngrams.Seen;

    /// <summary>Learns from a text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        if (tokenization is not { IsComplete: true })
            _tokens?.Add(text);
        _either?.Add(text);
        if (maximumNGrams > 0)
            _ngrams.Add(text);
    }

    /// <summary>What was learned; null: there is no token.</summary>
    public TextFeatures? Finish() =>
        (_tokens ?? _either!.Taken).Finish() is { } tokenizer
            ? new TextFeatures(tokenizer, _ngrams.Finish(maximumNGrams)) : null;
}
