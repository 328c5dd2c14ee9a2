using System.Runtime.InteropServices;

namespace SequenceModels.Metrics;

/// <summary>How often each n-gram of one order occurs in a sequence of numbers.</summary>
/// <param name="bits">
/// A number needs so many bits at most; an n-gram is one number of 128. 32 of words, up to 4 of them; 21 of Unicode's code
/// points, up to 6 of them.
/// </param>
internal sealed class NGramCounts(int bits)
{
    private readonly Dictionary<UInt128, int> _counts = [];

    /// <summary>How many n-grams there are in all.</summary>
    public int Total { get; private set; }

    /// <summary>Counts those of a sequence, and forgets what was counted before.</summary>
    public void Count(ReadOnlySpan<int> sequence, int order)
    {
        _counts.Clear();
        Total = Math.Max(0, sequence.Length - order + 1);
        for (int i = 0; i < Total; i++)
        {
            UInt128 nGram = 0;
            foreach (int item in sequence.Slice(i, order))
                nGram = nGram << bits | (uint)item;
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, nGram, out _)++;
        }
    }

    /// <summary>Takes of each n-gram the larger count of the two.</summary>
    public void Unite(NGramCounts other)
    {
        foreach ((UInt128 nGram, int count) in other._counts)
        {
            ref int own = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, nGram, out _);
            own = Math.Max(own, count);
        }
    }

    /// <summary>How many n-grams both have, each as often as in the one that has it less often.</summary>
    public int Matches(NGramCounts other)
    {
        int matches = 0;
        foreach ((UInt128 nGram, int count) in _counts)
            if (other._counts.TryGetValue(nGram, out int others))
                matches += Math.Min(count, others);
        return matches;
    }

    public void Clear()
    {
        _counts.Clear();
        Total = 0;
    }
}
