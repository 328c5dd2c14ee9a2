using Microsoft.ML.Tokenizers;

namespace SequenceModels.Text;

/// <summary>Learns of texts what a tokenization leaves open: which tokens there are.</summary>
internal sealed class TokenizerLearner(SequenceTokenization tokenization)
{
    private readonly TextPreparation _preparation = TextPreparation.For(tokenization.Kind, tokenization.Lowercase);
    private readonly DigitFolding _digits = new(tokenization.NormalizeDigits);
    private readonly TokenCounts _counts = new();
    private long _rows;

    private TokenizerLearner(TokenizerLearner counted, int size)
        : this(counted.Tokenization with { MaximumVocabularySize = size }) =>
        (_counts, _rows) = (counted._counts, counted._rows);

    /// <summary>Of a tokenizer of the user's: how often each id was seen, and how it is shown.</summary>
    private readonly Dictionary<int, (string Token, long Count)> _ids = [];

    /// <summary>What is learned.</summary>
    public SequenceTokenization Tokenization => tokenization;

    /// <summary>Different tokens seen, or where pairs of bytes are merged, words.</summary>
    public int Seen => tokenization.Kind == TokenKind.Tokenizer ? _ids.Count : _counts.Count;

    /// <summary>How rare words are, where it is words that are learned.</summary>
    public RareWords Rare =>
        tokenization.Kind is TokenKind.Words or TokenKind.Whitespace ? new RareWords(_rows, _counts) : default;

    /// <summary>What MaximumVocabularySize leaves out: how many tokens, and what share of the text.</summary>
    public (int Tokens, double Share) LeftOut => tokenization.Kind == TokenKind.Subwords || tokenization.IsComplete ? (0, 0)
        : TokenCounts.LeftOut(tokenization.Kind == TokenKind.Tokenizer ? _ids.Values.Select(id => id.Count)
            : _counts.Unordered.Select(pair => pair.Value), tokenization.MaximumVocabularySize, tokenization.MinimumCount);

    /// <summary>Elements of vectors that are no token: empty, or without a character that is seen.</summary>
    public long EmptyTokens { get; private set; }

    /// <summary>Rows that have such elements.</summary>
    public long RowsWithEmptyTokens { get; private set; }

    /// <summary>The same counts, of which fewer or more tokens are made.</summary>
    public TokenizerLearner OfSize(int maximumVocabularySize) => new(this, maximumVocabularySize);

    /// <summary>Counts the tokens of a text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        _rows++;
        ReadOnlySpan<char> prepared = _preparation.Prepare(text);
        switch (tokenization.Kind)
        {
            case TokenKind.Subwords:
                var words = new BytePairWords(prepared, marksInWords: true);
                while (words.MoveNext())
                    _counts.Add(words.Current);
                break;
            case TokenKind.Tokenizer:
                if (!prepared.IsEmpty)
                    foreach (EncodedToken token in tokenization.Tokenizer!.EncodeToTokens(prepared, out _))
                        _ids[token.Id] = (token.Value, _ids.GetValueOrDefault(token.Id).Count + 1);
                break;
            default:
                var ranges = new TokenRanges(prepared, tokenization.Kind);
                while (ranges.MoveNext())
                    _counts.Add(_digits.Fold(ranges.Current));
                break;
        }
    }

    /// <summary>Counts the tokens of a text that was cut elsewhere.</summary>
    /// <param name="tokens">Those that are not empty, or all.</param>
    /// <param name="empty">Tokens beside these, which are empty.</param>
    public void AddTokens(ReadOnlySpan<ReadOnlyMemory<char>> tokens, int empty)
    {
        _rows++;
        foreach (ReadOnlyMemory<char> token in tokens)
        {
            ReadOnlySpan<char> prepared = _preparation.PrepareToken(token.Span);
            if (prepared.IsEmpty)
                empty++;
            else
                _counts.Add(_digits.Fold(prepared));
        }
        EmptyTokens += empty;
        RowsWithEmptyTokens += empty > 0 ? 1 : 0;
    }

    /// <summary>The tokenizer; null if there was nothing to learn.</summary>
    public SequenceTokenizer? Finish()
    {
        if (tokenization.IsComplete)
            return SequenceTokenizer.Create(tokenization, tokenization.Files!.Load());
        if (tokenization.Kind == TokenKind.Subwords)
            return Seen == 0 ? null : SequenceTokenizer.FromMerges(tokenization,
                BytePairLearner.Learn(_counts.All, tokenization.MaximumVocabularySize, tokenization.MinimumCount));
        if (tokenization.Kind == TokenKind.Tokenizer)
            return FinishIds();
        IReadOnlyList<string> tokens = _counts.MostFrequent(tokenization.MaximumVocabularySize, tokenization.MinimumCount);
        return tokens.Count == 0 ? null
            : new SequenceTokenizer(tokenization, new Vocabulary(tokenization.StartToken, tokenization.EndToken, tokens));
    }

    private SequenceTokenizer? FinishIds()
    {
        int[] ids =
        [
            .. _ids.Where(id => id.Value.Count >= tokenization.MinimumCount)
                .OrderByDescending(id => id.Value.Count).ThenBy(id => id.Value.Token, StringComparer.Ordinal).ThenBy(id => id.Key)
                .Select(id => id.Key)
                .Take(tokenization.MaximumVocabularySize == 0 ? int.MaxValue : tokenization.MaximumVocabularySize),
        ];
        return ids.Length == 0 ? null : SequenceTokenizer.Create(tokenization,
            new TokenizerModel([.. ids.Select(id => _ids[id].Token)], TokenizerModel.DetokenizationOf(tokenization.Tokenizer!))
            {
                Tokenizer = tokenization.Tokenizer,
                Keys = ids.Select((id, place) => (id, place)).ToDictionary(pair => pair.id, pair => (uint)pair.place + 1),
            });
    }
}
