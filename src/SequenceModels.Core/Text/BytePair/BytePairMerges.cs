using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>
/// Byte-level tokens, shown by <see cref="ByteAlphabet"/>, and which two of them become which third one. Immutable.
/// </summary>
/// <remarks>Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", ACL 2016.</remarks>
internal sealed class BytePairMerges
{
    /// <summary>Bytes in a learned token, at most: longer runs are ruled lines and the like, not words.</summary>
    public const int LongestToken = 128;

    private readonly int[] _ofBytes = new int[256];
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges = [];
    private readonly (int Left, int Right)[] _pairs;

    /// <param name="tokens">Among them the 256 single bytes. All different.</param>
    /// <param name="pairs">The merges in their order: tokens, by their place in the list, whose join is a token too.</param>
    /// <param name="marksInWords">As <see cref="BytePairWords"/> asks.</param>
    /// <exception cref="InvalidDataException">A token is missing or stands in the list twice.</exception>
    public BytePairMerges(IReadOnlyList<string> tokens, IReadOnlyList<(int Left, int Right)> pairs, bool marksInWords)
    {
        Tokens = tokens;
        MarksInWords = marksInWords;
        _pairs = [.. pairs];
        var places = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        for (int i = 0; i < tokens.Count; i++)
            if (!places.TryAdd(tokens[i], i))
                throw new InvalidDataException($"the token '{tokens[i]}' stands in it twice");
        for (int value = 0; value < 256; value++)
            _ofBytes[value] = places.TryGetValue(ByteAlphabet.ToChar((byte)value).ToString(), out int place)
                ? place
                : throw new InvalidDataException(Invariant($"it has no token for the byte {value}"));
        for (int rank = 0; rank < _pairs.Length; rank++)
        {
            string merged = tokens[_pairs[rank].Left] + tokens[_pairs[rank].Right];
            if (!places.TryGetValue(merged, out int place))
                throw new InvalidDataException(Invariant($"merge {rank + 1} makes '{merged}', which is no token"));
            _merges.TryAdd(_pairs[rank], (rank, place));
        }
    }

    /// <summary>How the tokens are shown; a character for each byte.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The merges in their order, by the places of their tokens.</summary>
    public IReadOnlyList<(int Left, int Right)> Pairs => _pairs;

    /// <summary>Whether marks count as letters where a text is cut into words.</summary>
    public bool MarksInWords { get; }

    /// <summary>The token of one byte.</summary>
    public int TokenOfByte(byte value) => _ofBytes[value];

    /// <summary>The rank of a merge and what it makes; false if the two are never merged.</summary>
    public bool TryMerge(int left, int right, out (int Rank, int Merged) merge) => _merges.TryGetValue((left, right), out merge);

    /// <summary>Writes learned merges: their tokens are the bytes, then what each merge makes that was not there yet.</summary>
    public void Write(PayloadWriter writer)
    {
        writer.WriteArray(_pairs, (to, pair) =>
        {
            to.Write(pair.Left);
            to.Write(pair.Right);
        });
    }

    public static BytePairMerges Read(PayloadReader reader)
    {
        var pairs = new (int, int)[reader.ReadCount("the number of merges", 2 * sizeof(int))];
        List<string> tokens = [.. ByteAlphabet.All];
        var known = new HashSet<string>(tokens, StringComparer.Ordinal);
        for (int i = 0; i < pairs.Length; i++)
        {
            int left = reader.ReadInt32("a token", 0, tokens.Count - 1), right = reader.ReadInt32("a token", 0, tokens.Count - 1);
            pairs[i] = (left, right);
            string merged = tokens[left] + tokens[right];
            if (merged.Length > LongestToken)
                throw reader.Invalid(Invariant($"merge {i + 1} makes a token of {Counted.Of(merged.Length, "byte")}"));
            if (known.Add(merged))
                tokens.Add(merged);
        }
        return new BytePairMerges(tokens, pairs, marksInWords: true);
    }
}
