namespace SequenceModels.Text;

/// <summary>
/// Learns the tokens of texts, of the kind that fits these: words; subwords, where too many words occur a single time, as in
/// languages of many word forms; characters, where nearly every word does, as in lists of names and in short texts without spaces
/// between words. What is learned of a word that occurs once serves no other text.
/// </summary>
internal sealed class TokenKindLearner
{
    /// <summary>Subwords that are learned where too few words come again; more of them would be rare too.</summary>
    public const int Subwords = 1_000;

    /// <summary>Subwords of long texts without words, which characters would make too long.</summary>
    public const int SubwordsOfLongTexts = 4_000;

    /// <summary>UTF-16 units of a text, on average, from which on it has too many characters for a step each.</summary>
    private const int LongText = 200;

    private readonly TokenizerLearner _words = new(SequenceTokenization.Words()),
        _subwords = new(SequenceTokenization.Subwords(SubwordsOfLongTexts)), _characters = new(SequenceTokenization.Characters());

    private long _texts, _length;

    /// <summary>How rare the words are.</summary>
    public RareWords Rare => _words.Rare;

    /// <summary>The learner whose tokens are taken, by the texts so far.</summary>
    public TokenizerLearner Taken => Rare switch
    {
        { AreMany: false } => _words,
        { IsNearlyAll: false } => _subwords.OfSize(Subwords),
        _ => _length <= _texts * LongText ? _characters : _subwords,
    };

    /// <summary>Learns from a text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        _texts++;
        _length += text.Length;
        _words.Add(text);
        _subwords.Add(text);
        _characters.Add(text);
    }
}
