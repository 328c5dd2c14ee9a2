using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// The subwords of a word, each as the number of a bucket: the word itself, and its runs of 3 to 6 characters (Unicode code
/// points), where a mark stands before its first character and another behind its last. Subwords that share a bucket are one to
/// the reader. A word is composed (NFC) and without invisible characters; upper and lower case differ. A word without characters
/// has no subwords. Safe to share between threads.
/// </summary>
/// <param name="buckets">At least 1.</param>
/// <remarks>
/// Bojanowski et al., "Enriching Word Vectors with Subword Information", TACL 5, 2017. Saved models depend on the numbers: how
/// they are made never changes.
/// </remarks>
internal sealed class SubwordHashes(int buckets) : IWordParts
{
    public const int Shortest = 3, Longest = 6;

    /// <summary>No code points, so that no character of a word is taken for a mark.</summary>
    private const ulong WordStart = 0x11_0000, WordEnd = 0x11_0001;

    private const ulong RunSeed = 0x8CB9_2BA7_2F3D_8DD7, WordSeed = 0x6A09_E667_F3BC_C909;

    public int Count => buckets;

    public void Find(ReadOnlySpan<char> word, List<uint> keys)
    {
        keys.Clear();
        word = IWordParts.Normalize(word);
        if (word.IsEmpty)
            return;
        // A word has no more code points than char values.
        Span<ulong> points = word.Length <= 62 ? stackalloc ulong[word.Length + 2] : new ulong[word.Length + 2];
        int count = 0;
        points[count++] = WordStart;
        ulong whole = WordSeed;
        foreach (Rune rune in word.EnumerateRunes())
        {
            points[count++] = (ulong)rune.Value;
            whole = NGramHashes.Mix(whole, (ulong)rune.Value);
        }
        points[count++] = WordEnd;
        keys.Add(Bucket(whole));
        for (int first = 0; first + Shortest <= count; first++)
        {
            ulong run = RunSeed;
            for (int n = 0; n < Longest && first + n < count; n++)
            {
                run = NGramHashes.Mix(run, points[first + n]);
                if (n + 1 >= Shortest)
                    keys.Add(Bucket(run));
            }
        }
    }

    /// <summary>Buckets are counted from 1.</summary>
    private uint Bucket(ulong hash) => 1 + (uint)Math.BigMul(NGramHashes.Finish(hash), (ulong)buckets, out _);
}
