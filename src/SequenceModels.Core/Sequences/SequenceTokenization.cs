using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>
/// How a text becomes a sequence of tokens. Immutable; made by a factory and changed by <c>with</c>:
/// <c>SequenceTokenization.Words() with { EndToken = true, MaximumLength = 256 }</c>.
/// </summary>
/// <remarks>
/// <c>Fit</c> counts the tokens of the training rows. The most frequent get the keys 1, 2, ... by count, descending, ties by
/// ordinal text, so that the order of rows does not matter; all others are unknown, key 0.
/// </remarks>
public sealed record SequenceTokenization
{
    private SequenceTokenization(TokenKind kind) => Kind = kind;

    internal TokenKind Kind { get; }

    /// <summary>How many tokens are learned at most, special tokens not counted; 0 = all.</summary>
    public int MaximumVocabularySize { get; init; }

    /// <summary>How often a token must occur in the training rows to be learned, at least 1.</summary>
    public int MinimumCount { get; init; }

    /// <summary>Whether upper and lower case are one (culture-invariant).</summary>
    public bool Lowercase { get; init; }

    /// <summary>Whether each sequence begins with the token <c>&lt;s&gt;</c>, key 1. Default false.</summary>
    public bool StartToken { get; init; }

    /// <summary>Whether each sequence ends with the token <c>&lt;/s&gt;</c>, key 2 (1 without a start token). Default false.</summary>
    public bool EndToken { get; init; }

    /// <summary>
    /// Tokens per sequence at most, special tokens included. Longer sequences lose their end, but keep the end token. Default 0: any length.
    /// </summary>
    public int MaximumLength { get; init; }

    /// <summary>
    /// Words: runs of letters, marks and digits in any script; every other text element that is not white space stands alone.
    /// The text is first brought into Unicode's composed form (NFC).
    /// </summary>
    /// <param name="maximumVocabularySize">How many words are learned at most; 0 = all.</param>
    /// <param name="minimumCount">How often a word must occur to be learned, at least 1.</param>
    /// <param name="lowercase">Whether upper and lower case are one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static SequenceTokenization Words(int maximumVocabularySize = 20_000, int minimumCount = 1, bool lowercase = true) =>
        Make(TokenKind.Words, maximumVocabularySize, minimumCount, lowercase);

    /// <summary>Whatever stands between white space, as it is: for texts that are cut already, and for symbols such as chords.</summary>
    /// <param name="maximumVocabularySize">How many tokens are learned at most; 0 = all.</param>
    /// <param name="minimumCount">How often a token must occur to be learned, at least 1.</param>
    /// <param name="lowercase">Whether upper and lower case are one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static SequenceTokenization Whitespace(int maximumVocabularySize = 20_000, int minimumCount = 1, bool lowercase = false) =>
        Make(TokenKind.Whitespace, maximumVocabularySize, minimumCount, lowercase);

    /// <summary>
    /// Characters as a reader sees them (text elements, Unicode Standard Annex 29), white space included: a letter with its
    /// accents, a syllable, an emoji is one token.
    /// </summary>
    /// <param name="maximumVocabularySize">How many characters are learned at most; 0 = all.</param>
    /// <param name="minimumCount">How often a character must occur to be learned, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static SequenceTokenization Characters(int maximumVocabularySize = 0, int minimumCount = 1) =>
        Make(TokenKind.Characters, maximumVocabularySize, minimumCount, lowercase: false);

    internal int NumberOfSpecialTokens => (StartToken ? 1 : 0) + (EndToken ? 1 : 0);

    /// <summary>Throws if any value is out of its range, naming the property, the value and the range.</summary>
    internal SequenceTokenization Validated()
    {
        Require(MaximumVocabularySize >= 0, nameof(MaximumVocabularySize), MaximumVocabularySize, "at least 0 (0 = all)");
        Require(MinimumCount >= 1, nameof(MinimumCount), MinimumCount, "at least 1");
        Require(MaximumLength >= 0, nameof(MaximumLength), MaximumLength, "at least 0 (0 = any length)");
        Require(MaximumLength == 0 || MaximumLength > NumberOfSpecialTokens, nameof(MaximumLength), MaximumLength,
            $"larger than the number of special tokens ({NumberOfSpecialTokens}), which it includes");
        return this;
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write((int)Kind);
        writer.Write(MaximumVocabularySize);
        writer.Write(MinimumCount);
        writer.Write(Lowercase);
        writer.Write(StartToken);
        writer.Write(EndToken);
        writer.Write(MaximumLength);
    }

    internal static SequenceTokenization Read(PayloadReader reader)
    {
        var read = new SequenceTokenization(reader.ReadEnum<TokenKind>("kind of token"))
        {
            MaximumVocabularySize = reader.ReadInt32(),
            MinimumCount = reader.ReadInt32(),
            Lowercase = reader.ReadBoolean(),
            StartToken = reader.ReadBoolean(),
            EndToken = reader.ReadBoolean(),
            MaximumLength = reader.ReadInt32(),
        };
        try
        {
            return read.Validated();
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw reader.Bad(error.Message);
        }
    }

    private static SequenceTokenization Make(TokenKind kind, int maximumVocabularySize, int minimumCount, bool lowercase) =>
        new SequenceTokenization(kind)
        {
            MaximumVocabularySize = maximumVocabularySize,
            MinimumCount = minimumCount,
            Lowercase = lowercase,
        }.Validated();

    private static void Require(bool holds, string name, int value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(SequenceTokenization)}.{name} must be {expected}.");
    }
}
