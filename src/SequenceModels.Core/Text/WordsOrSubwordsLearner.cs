namespace SequenceModels.Text;

/// <summary>
/// Learns words of texts; or subwords, where nearly every word occurs a single time, as in lists of names and in texts without
/// spaces between words: what is learned of such words serves no other text.
/// </summary>
internal sealed class WordsOrSubwordsLearner
{
    /// <summary>Subwords that are learned where words will not do.</summary>
    public const int Subwords = 4_000;

    private readonly TokenizerLearner _words = new(SequenceTokenization.Words());
    private readonly TokenizerLearner _subwords = new(SequenceTokenization.Subwords(Subwords));

    /// <summary>How rare the words are.</summary>
    public RareWords Rare => _words.Rare;

    /// <summary>The learner whose tokens are taken, by the texts so far.</summary>
    public TokenizerLearner Taken => Rare.IsNearlyAll ? _subwords : _words;

    /// <summary>Learns from a text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        _words.Add(text);
        _subwords.Add(text);
    }
}
