using System.Text;
using SequenceModels.Files;

namespace SequenceModels.Text;

/// <summary>
/// The n-grams that a model knows, each with a slot, and how much each counts: n-grams that most texts have count less than
/// rare ones. Safe to share between threads.
/// </summary>
internal sealed class NGramVocabulary
{
    /// <summary>More than any model has: a bound for files that lie.</summary>
    public const int Most = 1 << 24;

    private readonly ulong[] _hashes;
    private readonly float[] _weights;
    private readonly Dictionary<ulong, int> _slots;

    /// <param name="hashes">In the order of their slots, all different.</param>
    /// <param name="weights">What each counts; positive.</param>
    /// <param name="words">Of which n-grams of words are made, and perhaps others.</param>
    /// <param name="characters">Code points of which n-grams of characters are made, and perhaps others.</param>
    public NGramVocabulary(ulong[] hashes, float[] weights, IReadOnlyList<string> words, IReadOnlyList<int> characters)
    {
        (_hashes, _weights, Words, Characters) = (hashes, weights, words, characters);
        _slots = new Dictionary<ulong, int>(hashes.Length);
        for (int slot = 0; slot < hashes.Length; slot++)
            _slots.TryAdd(hashes[slot], slot);
    }

    /// <summary>Number of slots; may be 0.</summary>
    public int Count => _hashes.Length;

    /// <summary>
    /// All words of known n-grams. Scoring needs hashes alone; whoever must make these of texts elsewhere needs their parts.
    /// </summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>All characters of known n-grams, as code points.</summary>
    public IReadOnlyList<int> Characters { get; }

    /// <summary>The hashes of the known n-grams, by slot.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes;

    /// <summary>What they count, by slot.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>The slot of an n-gram; -1 where it is not known.</summary>
    public int SlotOf(ulong hash) => _slots.TryGetValue(hash, out int slot) ? slot : -1;

    /// <summary>What the n-gram of a slot counts.</summary>
    public float WeightOf(int slot) => _weights[slot];

    public void Write(PayloadWriter writer)
    {
        writer.Write(Count);
        foreach (ulong hash in _hashes)
            writer.Write(hash);
        writer.WriteSingles(_weights);
        writer.WriteArray([.. Words]);
        writer.WriteArray([.. Characters]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static NGramVocabulary Read(PayloadReader reader)
    {
        int count = reader.ReadCount("the number of n-grams", sizeof(ulong) + sizeof(float));
        if (count > Most)
            throw reader.Invalid(Invariant($"it has {count} n-grams, where {Most} are possible"));
        ulong[] hashes = new ulong[count];
        for (int slot = 0; slot < count; slot++)
            hashes[slot] = (ulong)reader.ReadInt64();
        float[] weights = new float[count];
        reader.ReadSingles(weights);
        var vocabulary = new NGramVocabulary(hashes, weights, reader.ReadStringArray("the number of words"),
            reader.ReadInt32Array("the number of characters"));
        if (vocabulary.Characters.Any(character => !Rune.IsValid(character)))
            throw reader.Invalid("a character of an n-gram is none");
        if (vocabulary._slots.Count < count)
            throw reader.Invalid("an n-gram stands in it twice");
        if (Array.Exists(weights, weight => !(weight > 0) || !float.IsFinite(weight)))
            throw reader.Invalid("an n-gram counts nothing, or no number");
        return vocabulary;
    }
}
