using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// Learns byte-pair merges: of all neighbouring tokens within words, the most frequent two become one, again and again.
/// Ties go to the first by ordinal text, so that the order of rows does not matter.
/// </summary>
/// <remarks>
/// Sennrich, Haddow and Birch, ACL 2016, algorithm 1, on bytes. Every different word is there once, with its count;
/// a merge visits the places of its pair and changes the counts of the neighbouring pairs. The heap keeps old counts,
/// which are corrected when they are taken out.
/// </remarks>
internal sealed class BytePairLearner
{
    private readonly List<string> _texts = [.. ByteAlphabet.All];
    private readonly Dictionary<string, int> _tokenOf;
    private readonly List<(int Left, int Right)> _merges = [];
    private readonly HashSet<(int Left, int Right)> _known = [];
    private readonly Dictionary<(int Left, int Right), Pair> _pairs = [];
    private readonly PriorityQueue<(int Left, int Right), (long Count, int Left, int Right)> _heap;
    private readonly HashSet<(int Left, int Right)> _raised = [];

    // All words, one after another: the token that begins at a place (-1: none any more), the places before and after it in the
    // word, and how often the word occurs.
    private readonly int[] _tokens, _before, _after;
    private readonly long[] _counts;

    private BytePairLearner(List<(byte[] Bytes, long Count)> words)
    {
        _tokenOf = _texts.Select((text, token) => (text, token))
            .ToDictionary(pair => pair.text, pair => pair.token, StringComparer.Ordinal);
        _heap = new(Comparer<(long Count, int Left, int Right)>.Create(MostFrequentFirst));
        int length = checked(words.Sum(word => word.Bytes.Length));
        (_tokens, _before, _after, _counts) = (new int[length], new int[length], new int[length], new long[length]);
        int place = 0;
        foreach ((byte[] bytes, long count) in words)
            for (int i = 0; i < bytes.Length; i++, place++)
            {
                _tokens[place] = bytes[i];
                _before[place] = i > 0 ? place - 1 : -1;
                _after[place] = i + 1 < bytes.Length ? place + 1 : -1;
                _counts[place] = count;
                if (i > 0)
                    Raise((bytes[i - 1], bytes[i]), count, place - 1);
            }
        PushRaised();
    }

    /// <summary>Learns from words and how often each occurs.</summary>
    /// <param name="words">All different, in any order.</param>
    /// <param name="vocabularySize">How many tokens to end with, the 256 bytes included.</param>
    /// <param name="minimumCount">How often two tokens must stand side by side to be merged.</param>
    public static BytePairMerges Learn(IEnumerable<KeyValuePair<string, long>> words, int vocabularySize, int minimumCount)
    {
        var learning = new BytePairLearner([.. words.Select(word => (Encoding.UTF8.GetBytes(word.Key), word.Value))]);
        while (learning._texts.Count < vocabularySize && learning.TryMergeNext(minimumCount))
        {
        }
        return new BytePairMerges(learning._texts, learning._merges, marksInWords: true);
    }

    private bool TryMergeNext(int minimumCount)
    {
        while (_heap.TryDequeue(out (int Left, int Right) pair, out (long Count, int, int) stated))
        {
            if (!_pairs.TryGetValue(pair, out Pair? found))
                continue;
            if (found.Count == stated.Count && found.Count >= minimumCount)
            {
                Merge(pair, found);
                return true;
            }
            // Where there are more than stated, there is a newer entry too.
            if (found.Count < stated.Count && found.Count >= minimumCount)
                Push(pair, found.Count);
        }
        return false;
    }

    private void Merge((int Left, int Right) pair, Pair found)
    {
        if (_known.Add(pair))
            _merges.Add(pair);
        int merged = TokenOf(_texts[pair.Left] + _texts[pair.Right]);
        _pairs.Remove(pair);
        found.Places.Sort();
        foreach (int place in found.Places)
        {
            int second = _after[place];
            if (_tokens[place] != pair.Left || second < 0 || _tokens[second] != pair.Right)
                continue;
            long count = _counts[place];
            int before = _before[place], after = _after[second];
            if (before >= 0)
            {
                Lower((_tokens[before], pair.Left), count);
                Raise((_tokens[before], merged), count, before);
            }
            if (after >= 0)
            {
                Lower((pair.Right, _tokens[after]), count);
                Raise((merged, _tokens[after]), count, place);
                _before[after] = place;
            }
            (_tokens[place], _tokens[second], _after[place]) = (merged, -1, after);
        }
        PushRaised();
    }

    /// <summary>Two merges may make the same text, from other halves: it is one token.</summary>
    private int TokenOf(string text)
    {
        ref int token = ref CollectionsMarshal.GetValueRefOrAddDefault(_tokenOf, text, out bool exists);
        if (!exists)
        {
            token = _texts.Count;
            _texts.Add(text);
        }
        return token;
    }

    private void Raise((int Left, int Right) pair, long count, int place)
    {
        if (_texts[pair.Left].Length + _texts[pair.Right].Length > BytePairMerges.LongestToken)
            return;
        ref Pair? found = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _);
        found ??= new Pair();
        found.Count += count;
        found.Places.Add(place);
        _raised.Add(pair);
    }

    /// <summary>The heap is not told: it holds more than there is, which is seen when the pair comes up.</summary>
    private void Lower((int Left, int Right) pair, long count)
    {
        if (_pairs.TryGetValue(pair, out Pair? found))
            found.Count -= count;
    }

    private void PushRaised()
    {
        foreach ((int Left, int Right) pair in _raised)
            if (_pairs.TryGetValue(pair, out Pair? found) && found.Count > 0)
                Push(pair, found.Count);
        _raised.Clear();
    }

    private void Push((int Left, int Right) pair, long count) => _heap.Enqueue(pair, (count, pair.Left, pair.Right));

    private int MostFrequentFirst((long Count, int Left, int Right) x, (long Count, int Left, int Right) y)
    {
        int order = y.Count.CompareTo(x.Count);
        if (order == 0)
            order = string.CompareOrdinal(_texts[x.Left], _texts[y.Left]);
        return order != 0 ? order : string.CompareOrdinal(_texts[x.Right], _texts[y.Right]);
    }

    private sealed class Pair
    {
        public long Count;

        /// <summary>Where it has stood; some of them may be over.</summary>
        public readonly List<int> Places = [];
    }
}
