using Microsoft.ML.Tokenizers;
using SequenceModels.Text;

namespace SequenceModels;

/// <summary>
/// How a text becomes a sequence of tokens. Immutable; made by a factory and changed by <c>with</c>:
/// <c>SequenceTokenization.Words() with { EndToken = true, MaximumLength = 256 }</c>.
/// </summary>
/// <remarks>
/// <c>Fit</c> counts the tokens of the training rows. The most frequent get the keys 1, 2, ... by count, descending, ties by
/// ordinal text, so that the order of rows does not matter; all others are unknown, key 0. Where files give the vocabulary,
/// its tokens have the keys 1, 2, ... in the files' order, and <c>Fit</c> reads no row; special tokens, where asked for,
/// come first.
/// <para>
/// Where tokens are learned (<see cref="Words"/>, <see cref="Whitespace"/>, <see cref="Characters"/>, <see cref="Subwords"/>),
/// texts are first brought into Unicode's composed form (NFC): canonically equal texts get equal keys. Words,
/// whitespace and characters leave out characters that are not seen: control characters except white space,
/// and format characters (categories Cc and Cf) except joiners where they join.
/// </para>
/// </remarks>
public sealed partial record SequenceTokenization
{
    private readonly TokenKind _kind;

    private SequenceTokenization(TokenKind kind) => _kind = kind;

    /// <summary>Of subwords: the bytes, and one merge.</summary>
    private const int SmallestSubwords = 257, LargestSubwords = 1_000_000;

    internal TokenKind Kind => Decomposed && _kind == TokenKind.Characters ? TokenKind.CodePoints : _kind;

    /// <summary>The content of the files that describe it, if there are some.</summary>
    internal TokenizerFiles? Files { get; private init; }

    /// <summary>The user's tokenizer, if there is one.</summary>
    internal Tokenizer? Tokenizer { get; private init; }

    /// <summary>Whether files say all: there is nothing to learn from rows.</summary>
    internal bool IsComplete => Files is not null;

    /// <summary>
    /// How many tokens are learned at most, special tokens not counted; 0 = all. Of subwords at least 257:
    /// the 256 bytes are tokens too.
    /// </summary>
    public int MaximumVocabularySize { get; init; }

    /// <summary>
    /// How often a token must occur in the training rows to be learned, at least 1. Of subwords: how often two of them must stand
    /// side by side to become one.
    /// </summary>
    public int MinimumCount { get; init; }

    /// <summary>
    /// Whether upper and lower case are one, by the Unicode Standard and no culture; texts are then composed (NFC) too.
    /// Of <see cref="WordPiece"/> also whether accents are dropped.
    /// </summary>
    public bool Lowercase { get; init; }

    /// <summary>
    /// Whether all digits are one: each counts as 0, so that 1984 and 2026 are both 0000. Of <see cref="Words"/>,
    /// <see cref="Whitespace"/> and <see cref="Characters"/> only. Default false.
    /// </summary>
    public bool NormalizeDigits { get; init; }

    /// <summary>
    /// Of <see cref="Characters"/> only: whether texts are decomposed (NFD), and each code point is a token: a letter and the
    /// accents upon it are several, and a Hangul syllable is its two or three letters. Default false: a character is one token.
    /// </summary>
    /// <remarks>
    /// Fewer tokens are to be learned, and none is rare: of the 11,172 Hangul syllables there are 67 letters. DetokenizeSequence
    /// composes (NFC), so that texts come back as without it. Sequences are longer: of Korean some 2.5 times.
    /// </remarks>
    public bool Decomposed { get; init; }

    /// <summary>Whether each sequence begins with the token <c>&lt;s&gt;</c>, key 1. Default false.</summary>
    public bool StartToken { get; init; }

    /// <summary>
    /// Whether each sequence ends with the token <c>&lt;/s&gt;</c>, key 2 (1 without a start token). Default false.
    /// </summary>
    public bool EndToken { get; init; }

    /// <summary>
    /// Tokens per sequence at most, special tokens included. Longer sequences lose their end, but keep the end token. Default 0:
    /// any length.
    /// </summary>
    public int MaximumLength { get; init; }

    /// <summary>
    /// Words: runs of letters, marks and digits in any script; every other text element that is seen and not white space stands
    /// alone.
    /// </summary>
    /// <param name="maximumVocabularySize">How many words are learned at most; 0 = all.</param>
    /// <param name="minimumCount">How often a word must occur to be learned, at least 1.</param>
    /// <param name="lowercase">Whether upper and lower case are one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static SequenceTokenization Words(int maximumVocabularySize = 20_000, int minimumCount = 1, bool lowercase = true) =>
        Make(TokenKind.Words, maximumVocabularySize, minimumCount, lowercase);

    /// <summary>Whatever stands between white space: for texts that are cut already, and for symbols such as chords.</summary>
    /// <param name="maximumVocabularySize">How many tokens are learned at most; 0 = all.</param>
    /// <param name="minimumCount">How often a token must occur to be learned, at least 1.</param>
    /// <param name="lowercase">Whether upper and lower case are one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static SequenceTokenization Whitespace(int maximumVocabularySize = 20_000, int minimumCount = 1,
        bool lowercase = false) =>
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

    /// <summary>
    /// Subwords: bytes, merged pair by pair as often as <c>Fit</c> finds them side by side within words, so that frequent words
    /// are one token and any other text is made of several: no text is unknown, and tokens become the same text again,
    /// byte for byte, in its composed form (NFC); invisible characters are kept.
    /// </summary>
    /// <param name="vocabularySize">
    /// How many tokens there are, the 256 bytes included; fewer where no pair occurs twice. 257 to 1,000,000.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of its range.</exception>
    /// <remarks>
    /// Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", ACL 2016, on the bytes of UTF-8
    /// as in Radford et al., 2019 (GPT-2). KeyValues show a byte as a character, a space as "Ġ". Marks count as letters.
    /// </remarks>
    public static SequenceTokenization Subwords(int vocabularySize = 8_000) =>
        Make(TokenKind.Subwords, vocabularySize, minimumCount: 2, lowercase: false);

    /// <summary>Byte pairs by the files of a trained tokenizer, as GPT-2 and its like come with.</summary>
    /// <param name="vocabularyFile">
    /// A JSON object from tokens to ids ("vocab.json"). The file's content becomes part of the saved model.
    /// </param>
    /// <param name="mergesFile">A merge a line, its two tokens with a space between ("merges.txt"). Likewise.</param>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file cannot be understood; the message names it, and the line.</exception>
    /// <remarks>
    /// A vocabulary with all 256 bytes is taken for one of bytes, and texts are cut into words as for GPT-2. Any other is one of
    /// characters: where tokens end with "&lt;/w&gt;", words are cut at white space and punctuation marks.
    /// </remarks>
    public static SequenceTokenization BytePair(string vocabularyFile, string mergesFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabularyFile);
        ArgumentException.ThrowIfNullOrEmpty(mergesFile);
        return Make(TokenizerFiles.Read(TokenKind.BytePair, vocabularyFile, mergesFile));
    }

    /// <summary>Word pieces by the vocabulary of a trained tokenizer, as BERT and its like come with.</summary>
    /// <param name="vocabularyFile">
    /// A token a line ("vocab.txt"), [UNK] among them. The file's content becomes part of the saved model.
    /// </param>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">The file cannot be understood; the message names it.</exception>
    /// <remarks>
    /// Texts are prepared as BERT does. <see cref="Lowercase"/> is true where the vocabulary has no token in upper case;
    /// change it with <c>with</c>. [UNK] is key 0; the key that its line would have is not used.
    /// </remarks>
    public static SequenceTokenization WordPiece(string vocabularyFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabularyFile);
        TokenizerFiles files = TokenizerFiles.Read(TokenKind.WordPiece, vocabularyFile);
        return Make(files) with { Lowercase = files.IsUncased() };
    }

    /// <summary>Pieces by a trained model of SentencePiece, of byte pairs or unigrams.</summary>
    /// <param name="modelFile">
    /// The model ("tokenizer.model", "spiece.model"). The file's content becomes part of the saved model.
    /// </param>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">The file cannot be understood; the message names it.</exception>
    /// <remarks>The unknown token of the model is key 0; the key that it would have by its place is not used.</remarks>
    public static SequenceTokenization SentencePiece(string modelFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        return Make(TokenizerFiles.Read(TokenKind.SentencePiece, modelFile));
    }

    /// <summary>Any tokenizer. <c>Fit</c> learns which of its tokens occur.</summary>
    /// <param name="tokenizer">Used by many threads at once.</param>
    /// <remarks>
    /// A tokenizer cannot be saved: saving the model throws <see cref="NotSupportedException"/>. <see cref="BytePair"/>,
    /// <see cref="WordPiece"/> and <see cref="SentencePiece"/> make tokenizations of files that can.
    /// </remarks>
    public static SequenceTokenization From(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Make(TokenKind.Tokenizer, 0, 1, lowercase: false) with { Tokenizer = tokenizer };
    }

    internal int NumberOfSpecialTokens => (StartToken ? 1 : 0) + (EndToken ? 1 : 0);

    /// <summary>Throws if any value is out of its range, naming the property, the value and the range.</summary>
    internal SequenceTokenization Validated()
    {
        if (Kind == TokenKind.Subwords)
            Require(MaximumVocabularySize is >= SmallestSubwords and <= LargestSubwords, nameof(MaximumVocabularySize),
                MaximumVocabularySize,
                Invariant($"between {SmallestSubwords} (the 256 bytes and one merge) and {LargestSubwords} for subwords"));
        else if (IsComplete)
            Require(MaximumVocabularySize == 0, nameof(MaximumVocabularySize), MaximumVocabularySize,
                "0 where files give the vocabulary");
        else
            Require(MaximumVocabularySize >= 0, nameof(MaximumVocabularySize), MaximumVocabularySize, "at least 0 (0 = all)");
        if (Decomposed && _kind != TokenKind.Characters)
            throw new ArgumentOutOfRangeException(nameof(Decomposed), Decomposed,
                $"{nameof(SequenceTokenization)}.{nameof(Decomposed)} must be false but for {nameof(Characters)}: " +
                $"{_kind} are not cut into code points.");
        if (NormalizeDigits && _kind is not (TokenKind.Words or TokenKind.Whitespace or TokenKind.Characters))
            throw new ArgumentOutOfRangeException(nameof(NormalizeDigits), NormalizeDigits,
                $"{nameof(SequenceTokenization)}.{nameof(NormalizeDigits)} must be false but for words, whitespace " +
                "and characters.");
        Require(MinimumCount >= 1, nameof(MinimumCount), MinimumCount, "at least 1");
        Require(MaximumLength >= 0, nameof(MaximumLength), MaximumLength, "at least 0 (0 = any length)");
        Require(MaximumLength == 0 || MaximumLength > NumberOfSpecialTokens, nameof(MaximumLength), MaximumLength,
            Invariant($"larger than the number of special tokens ({NumberOfSpecialTokens}), which it includes"));
        return this;
    }

    private static SequenceTokenization Make(TokenKind kind, int maximumVocabularySize, int minimumCount, bool lowercase) =>
        new SequenceTokenization(kind)
        {
            MaximumVocabularySize = maximumVocabularySize,
            MinimumCount = minimumCount,
            Lowercase = lowercase,
        }.Validated();

    private static SequenceTokenization Make(TokenizerFiles files) =>
        new SequenceTokenization(files.Kind) { MinimumCount = 1, Files = files }.Validated();

    private static void Require(bool holds, string name, int value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, InvariantText.Of(value),
                $"{nameof(SequenceTokenization)}.{name} must be {expected}.");
    }

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(SequenceTokenization), PrintMembers);
}
