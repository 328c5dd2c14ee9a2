using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// Cuts texts into words and merges their bytes, the first merges first. Gives the ids of ML.NET's BpeTokenizer,
/// and exact offsets.
/// </summary>
/// <param name="merges">The tokens and merges.</param>
/// <param name="kind">Whether they were learned, or come from files.</param>
/// <param name="lowercase">Whether upper and lower case are one.</param>
/// <param name="vocabulary">The same tokens, which come after its special ones.</param>
internal sealed class BytePairEncoder(BytePairMerges merges, TokenKind kind, bool lowercase, Vocabulary vocabulary) : TextEncoder
{
    /// <summary>
    /// How many merged words are cached, and UTF-16 units in one at most: most text is made of few short words.
    /// </summary>
    private const int MostCached = 1 << 16, LongestCached = 64;

    private readonly TextPreparation _preparation = TextPreparation.For(kind, lowercase);
    private readonly int _specialTokens = vocabulary.Tokens.Count - merges.Tokens.Count;
    private readonly Dictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private readonly PriorityQueue<int, long> _queue = new();
    private readonly List<int> _merged = [];
    private byte[] _bytes = [];
    private int[] _tokens = [], _before = [], _after = [];

    public override void Encode(ReadOnlySpan<char> text, int most, List<uint> keys, List<TokenOffset>? offsets)
    {
        var words = new BytePairWords(_preparation.Prepare(text), merges.MarksInWords);
        while (most > 0 && words.MoveNext())
        {
            ReadOnlySpan<int> tokens = TokensOf(words.Current);
            tokens = tokens[..Math.Min(most, tokens.Length)];
            foreach (int token in tokens)
                keys.Add((uint)(token + 1 + _specialTokens));
            if (offsets is not null)
                AddOffsets(words.Current, words.Start, tokens, offsets);
            most -= tokens.Length;
        }
    }

    public override uint Find(ReadOnlySpan<char> token) => vocabulary.Find(token);

    private ReadOnlySpan<int> TokensOf(ReadOnlySpan<char> word)
    {
        Dictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> cache = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        if (cache.TryGetValue(word, out int[]? tokens))
            return tokens;
        Merge(word);
        if (word.Length > LongestCached || _cache.Count >= MostCached)
            return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_merged);
        return cache[word] = [.. _merged];
    }

    /// <summary>
    /// Keeps the possible merges in a heap, so that the time for a very long word does not grow with the square of its length.
    /// </summary>
    private void Merge(ReadOnlySpan<char> word)
    {
        int length = Reserve(word);
        for (int i = 0; i < length; i++)
        {
            (_tokens[i], _before[i], _after[i]) = (merges.TokenOfByte(_bytes[i]), i - 1, i + 1 < length ? i + 1 : -1);
            Consider(i - 1);
        }
        while (_queue.TryDequeue(out int place, out long rank))
        {
            int second = _after[place];
            if (_tokens[place] < 0 || second < 0 ||
                !merges.TryMerge(_tokens[place], _tokens[second], out (int Rank, int Merged) merge) ||
                merge.Rank != (int)(rank >> 32))
                continue; // one of the two has been merged with another since
            (_tokens[place], _tokens[second], _after[place]) = (merge.Merged, -1, _after[second]);
            if (_after[place] >= 0)
                _before[_after[place]] = place;
            Consider(_before[place]);
            Consider(place);
        }
        _merged.Clear();
        for (int place = 0; place >= 0 && length > 0; place = _after[place])
            _merged.Add(_tokens[place]);
    }

    private void Consider(int place)
    {
        if (place >= 0 && _after[place] >= 0 &&
            merges.TryMerge(_tokens[place], _tokens[_after[place]], out (int Rank, int Merged) merge))
            _queue.Enqueue(place, (long)merge.Rank << 32 | (uint)place);
    }

    private int Reserve(ReadOnlySpan<char> word)
    {
        int most = 3 * word.Length;
        if (_bytes.Length < most)
        {
            int size = Math.Max(most, 2 * _bytes.Length);
            (_bytes, _tokens, _before, _after) = (new byte[size], new int[size], new int[size], new int[size]);
        }
        return Encoding.UTF8.GetBytes(word, _bytes);
    }

    /// <summary>A token that has some of a character's bytes covers the character.</summary>
    private void AddOffsets(ReadOnlySpan<char> word, int start, ReadOnlySpan<int> tokens, List<TokenOffset> offsets)
    {
        int unit = 0, next = 0, bytes = 0, end = 0; // the current character is [unit, next); the bytes up to its end are counted
        foreach (int token in tokens)
        {
            int first = end;
            end += merges.Tokens[token].Length;
            while (bytes <= first)
                Advance(word);
            int from = unit;
            while (bytes < end)
                Advance(word);
            offsets.Add(_preparation.SourceOf(start + from, next - from));
        }

        void Advance(ReadOnlySpan<char> text)
        {
            Rune.DecodeFromUtf16(text[next..], out Rune rune, out int length);
            (unit, next) = (next, next + length);
            bytes += rune.Utf8SequenceLength;
        }
    }
}
