using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// The n-grams of a text, as hashes: single words and pairs of neighbouring ones, the text's two ends counting as words, and
/// runs of 1 to 5 characters (Unicode code points), a space standing for white space and for both ends. Texts are composed (NFC),
/// lower-cased and without invisible characters. Holds buffers: one per cursor or thread.
/// </summary>
/// <remarks>
/// A hash has 64 bits, so that no two n-grams of real texts share one; the lowest bit tells characters (1) from words (0).
/// Words and characters have random numbers (<see cref="ValueOf(ReadOnlySpan{char})"/>); those of an n-gram are joined by sums
/// and products alone (modulo 2^64), which operators of ONNX have too. The hashes are in saved models: how they are made never
/// changes.
/// </remarks>
internal sealed class NGramHashes
{
    public const int LongestOfWords = 2, LongestOfCharacters = 5;

    /// <summary>What stands for an end of a text among its words.</summary>
    public const ulong TextEnd = 0x9AE1_6A3B_2F90_404F;

    /// <summary>What the number of an n-gram is multiplied by before that of the next part is added.</summary>
    public const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private const ulong WordSeed = 0xC3A5_C85C_97CB_3127, CharacterSeed = 0xB492_B66F_BE98_F273;

    private readonly TextPreparation _preparation = TextPreparation.For(TokenKind.Words, lowercase: true);
    private readonly List<ulong> _words = [], _values = [], _hashes = [];
    private readonly List<int> _characters = [];
    private readonly List<(int Start, int Length)> _wordPlaces = [], _characterPlaces = [];

    /// <summary>The hashes of a text's n-grams, ascending, each as often as it occurs; valid until the next call.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parts">Gets its words and characters; null: nobody asks for them.</param>
    public List<ulong> Of(ReadOnlySpan<char> text, NGramParts? parts = null)
    {
        ReadOnlySpan<char> prepared = _preparation.Prepare(text);
        _hashes.Clear();
        AddWords(prepared, parts);
        AddCharacters(prepared);
        if (_characters.Count > 1)
            parts?.Characters.UnionWith(_characters);
        _hashes.Sort();
        return _hashes;
    }

    /// <summary>Each n-gram of a text, and where it stands in the text as it was given.</summary>
    public (ulong Hash, TokenOffset Place)[] WithPlaces(ReadOnlySpan<char> text)
    {
        Of(text);
        var all = new List<(ulong, TokenOffset)>(_hashes.Count);
        for (int i = 0; i < _words.Count - 1; i++)
        {
            if (i > 0)
                all.Add((OfWord(i), Between(_wordPlaces, i, i)));
            all.Add((OfPair(i), Between(_wordPlaces, i, i + 1)));
        }
        for (int i = 0; _characters.Count > 1 && i < _characters.Count; i++)
        {
            ulong run = 0;
            for (int n = 0; n < LongestOfCharacters && i + n < _characters.Count; n++)
                all.Add((OfCharacters(run = Join(run, _values[i + n])), Between(_characterPlaces, i, i + n)));
        }
        return [.. all];
    }

    /// <summary>Whether a hash is of characters; else it is of words.</summary>
    public static bool IsOfCharacters(ulong hash) => (hash & 1) != 0;

    /// <summary>The number of a word.</summary>
    /// <param name="word">In the form in which texts are read.</param>
    public static ulong ValueOf(ReadOnlySpan<char> word)
    {
        ulong value = WordSeed;
        foreach (char unit in word)
            value = Mix(value, unit);
        return Finish(value);
    }

    /// <summary>The number of a character.</summary>
    public static ulong ValueOf(int character) => Finish(Mix(CharacterSeed, (ulong)character));

    /// <summary>The number of the parts so far and one more; 0 before the first.</summary>
    public static ulong Join(ulong parts, ulong value) => unchecked(parts * Multiplier + value);

    /// <summary>The hash of words.</summary>
    /// <param name="parts">Their number.</param>
    public static ulong OfWords(ulong parts) => parts << 1;

    /// <summary>The hash of characters.</summary>
    /// <param name="parts">Their number.</param>
    public static ulong OfCharacters(ulong parts) => (parts << 1) | 1;

    private void AddWords(ReadOnlySpan<char> text, NGramParts? parts)
    {
        _words.Clear();
        _wordPlaces.Clear();
        _words.Add(TextEnd);
        _wordPlaces.Add((0, 0));
        var ranges = new TokenRanges(text, TokenKind.Words);
        while (ranges.MoveNext())
        {
            ulong word = ValueOf(ranges.Current);
            parts?.Add(word, ranges.Current);
            _words.Add(word);
            _wordPlaces.Add((ranges.Start, ranges.Length));
        }
        if (_words.Count == 1)
            return;
        _words.Add(TextEnd);
        _wordPlaces.Add((text.Length, 0));
        for (int i = 0; i < _words.Count - 1; i++)
        {
            if (i > 0)
                _hashes.Add(OfWord(i));
            _hashes.Add(OfPair(i));
        }
    }

    private void AddCharacters(ReadOnlySpan<char> text)
    {
        _characters.Clear();
        _values.Clear();
        _characterPlaces.Clear();
        Add(' ', 0, 0);
        int start = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune))
                Add(rune.Value, start, rune.Utf16SequenceLength);
            else if (_characters[^1] != ' ')
                Add(' ', start, rune.Utf16SequenceLength);
            start += rune.Utf16SequenceLength;
        }
        if (_characters.Count == 1)
            return;
        if (_characters[^1] != ' ')
            Add(' ', text.Length, 0);
        for (int i = 0; i < _characters.Count; i++)
        {
            ulong run = 0;
            for (int n = 0; n < LongestOfCharacters && i + n < _characters.Count; n++)
            {
                run = Join(run, _values[i + n]);
                _hashes.Add(OfCharacters(run));
            }
        }
    }

    private void Add(int character, int start, int length)
    {
        _characters.Add(character);
        _values.Add(ValueOf(character));
        _characterPlaces.Add((start, length));
    }

    private ulong OfWord(int word) => OfWords(_words[word]);

    private ulong OfPair(int first) => OfWords(Join(_words[first], _words[first + 1]));

    /// <summary>The place in the given text of what stands between two parts of the prepared one, these included.</summary>
    private TokenOffset Between(List<(int Start, int Length)> places, int first, int last) => _preparation.SourceOf(
        places[first].Start, places[last].Start + places[last].Length - places[first].Start);

    /// <summary>A multiplication and a fold: every bit of the value reaches the upper half.</summary>
    public static ulong Mix(ulong hash, ulong value)
    {
        ulong product = (hash ^ value) * 0x9E37_79B9_7F4A_7C15;
        return product ^ (product >> 32);
    }

    /// <summary>Spreads a hash over all 64 bits, once everything is mixed in.</summary>
    public static ulong Finish(ulong hash) => Mix(Mix(hash, 0x2545_F491_4F6C_DD1D), 0x5851_F42D_4C95_7F2D);
}
