namespace SequenceModels.Text;

/// <summary>Learns the tokens and the n-grams of texts.</summary>
/// <param name="tokenization">
/// How texts are cut. Null: into words; or into characters where nearly every word occurs a single time, as in texts without
/// spaces between words and in lists of names.
/// </param>
/// <param name="maximumNGrams">How many n-grams are known at most; 0: none.</param>
internal sealed class TextFeaturesLearner(SequenceTokenization? tokenization, int maximumNGrams)
{
    private readonly TokenizerLearner _tokens = new(tokenization ?? SequenceTokenization.Words());
    private readonly TokenizerLearner? _characters = tokenization is null ? new(SequenceTokenization.Characters()) : null;
    private readonly NGramLearner _ngrams = new();

    /// <summary>Whether texts are read character by character, though nobody has asked for it.</summary>
    public bool TakesCharacters => _characters is not null && _tokens.Rare.IsNearlyAll;

    /// <summary>Different n-grams that were seen.</summary>
    public int NGramsSeen => _ngrams.Seen;

    /// <summary>Learns from a text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        if (tokenization is not { IsComplete: true })
            _tokens.Add(text);
        _characters?.Add(text);
        if (maximumNGrams > 0)
            _ngrams.Add(text);
    }

    /// <summary>What was learned; null: there is no token.</summary>
    public TextFeatures? Finish() => (TakesCharacters ? _characters! : _tokens).Finish() is { } tokenizer
        ? new TextFeatures(tokenizer, _ngrams.Finish(maximumNGrams)) : null;
}
