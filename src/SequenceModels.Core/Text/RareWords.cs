using System.Text;

namespace SequenceModels.Text;

/// <summary>How many of the words that were counted occur a single time. Punctuation marks are no words.</summary>
internal readonly record struct RareWords
{
    /// <summary>Below these any text is made of words that occur once.</summary>
    private const int FewestRows = 10, FewestWords = 20;

    /// <summary>The share beyond which a set is not like texts of words, and that of sets with many words.</summary>
    /// <remarks>
    /// Of 10 sentences in English or Danish up to three quarters of the words occur once, of 2,000 a fifth. Korean words,
    /// which carry their particles, occur once to 94 % in 50 sentences, to 83 % in 200 (1,600 words) and to 60 % in 2,000.
    /// </remarks>
    private const double LargestShare = 0.95, LargestShareOfMany = 0.8;

    private const int Many = 5_000;

    /// <summary>
    /// The share beyond which subwords serve better than words falls with the logarithm of the number of words. It lies above
    /// texts in English, German and Danish (50 sentences: 0.4 to 0.5, 2,000: 0.1 to 0.2) and below those in Korean (0.85 and
    /// 0.5), whose classifiers gain several points of accuracy by subwords.
    /// </summary>
    private const double ShareOfOne = 1.4, ShareLostByTenTimes = 0.262, LeastShare = 0.15;

    private readonly long _rows;

    public RareWords(long rows, TokenCounts counts)
    {
        _rows = rows;
        foreach ((string token, long count) in counts.Unordered)
        {
            if (Rune.DecodeFromUtf16(token, out Rune first, out _) != System.Buffers.OperationStatus.Done ||
                !TokenRanges.IsOfWord(first))
                continue;
            Words += count;
            Once += count == 1 ? 1 : 0;
        }
    }

    /// <summary>All words, each as often as it occurs.</summary>
    public long Words { get; }

    /// <summary>Those that occur once.</summary>
    public long Once { get; }

    /// <summary>Whether so many words occur once that parts of words serve other texts better.</summary>
    public bool AreMany => IsNearlyAll || (_rows >= FewestRows && Words >= FewestWords &&
        Once >= Math.Max(LeastShare, ShareOfOne - ShareLostByTenTimes * Math.Log10(Words)) * Words);

    /// <summary>Whether nearly every word occurs once, so that nothing is learned that other texts have.</summary>
    public bool IsNearlyAll =>
        _rows >= FewestRows && Words >= FewestWords && Once >= (Words < Many ? LargestShare : LargestShareOfMany) * Words;
}
