using System.Runtime.InteropServices;

namespace SequenceModels.Text;

/// <summary>Counts tokens and makes a vocabulary of the most frequent ones.</summary>
internal sealed class TokenCounts
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public TokenCounts() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Number of different tokens seen.</summary>
    public int Count => _counts.Count;

    /// <summary>Every token and how often it was seen, in any order.</summary>
    public IEnumerable<KeyValuePair<string, long>> Unordered => _counts;

    /// <summary>Every token and how often it was seen, by ordinal text.</summary>
    public IEnumerable<KeyValuePair<string, long>> All => _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    public void Add(ReadOnlySpan<char> token) => CollectionsMarshal.GetValueRefOrAddDefault(_lookup, token, out _)++;

    /// <summary>What a largest size leaves out of tokens that were seen often enough.</summary>
    /// <param name="counts">Of all tokens.</param>
    /// <param name="maximumSize">How many tokens at most; 0 = all.</param>
    /// <param name="minimumCount">How often a token must have been seen.</param>
    /// <returns>How many tokens, and what share of all that were seen they are, each as often as it was seen.</returns>
    public static (int Tokens, double Share) LeftOut(IEnumerable<long> counts, int maximumSize, int minimumCount)
    {
        long[] all = [.. counts], enough = [.. all.Where(count => count >= minimumCount).OrderDescending()];
        return maximumSize == 0 || enough.Length <= maximumSize ? (0, 0)
            : (enough.Length - maximumSize, enough[maximumSize..].Sum() / (double)all.Sum());
    }

    /// <summary>By count, descending, ties by ordinal text: the order of rows does not matter.</summary>
    /// <param name="maximumSize">How many tokens at most; 0 = all.</param>
    /// <param name="minimumCount">How often a token must have been seen.</param>
    public IReadOnlyList<string> MostFrequent(int maximumSize, int minimumCount) =>
    [
        .. _counts.Where(pair => pair.Value >= minimumCount)
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key)
            .Take(maximumSize == 0 ? int.MaxValue : maximumSize),
    ];
}
