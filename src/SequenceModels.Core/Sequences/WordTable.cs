using System.Runtime.InteropServices;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>
/// Distinct words as the keys of their parts: characters, or subwords. Each has a number, in the order of first occurrence, so
/// that a text of many words holds each of them once. Any number of threads may read at once.
/// </summary>
/// <param name="budget">What may be held in memory.</param>
internal sealed class WordTable(MemoryBudget budget) : IDisposable
{
    private const int SmallestTable = 16;

    private readonly SpillList<uint> _parts = new(budget);
    private readonly SpillList<long> _ends = new(budget);

    /// <summary>A hash table with open addressing, at most half full: one more than a word's number; 0: free.</summary>
    private readonly SpillList<int> _slots = new(budget);

    public int Count => (int)_ends.Count;

    public bool IsMapped => _parts.IsMapped;

    /// <summary>The keys of a word's parts.</summary>
    public ReadOnlySpan<uint> Parts(uint word)
    {
        long start = word == 0 ? 0 : _ends[word - 1];
        return _parts.Span(start, (int)(_ends[word] - start));
    }

    /// <summary>The number of the word with these parts.</summary>
    public uint FindOrAdd(ReadOnlySpan<uint> parts)
    {
        if (2L * Count >= _slots.Count)
            GrowSlots();
        ref int slot = ref SlotOf(parts);
        if (slot > 0)
            return (uint)slot - 1;
        int number = Count;
        slot = number + 1;
        _parts.Write(_parts.Count, parts);
        _ends.Add(_parts.Count);
        return (uint)number;
    }

    /// <summary>Forgets all words and keeps the memory for others.</summary>
    public void Clear()
    {
        _parts.Clear();
        _ends.Clear();
        _slots.Clear();
    }

    public void AppendTo(System.Security.Cryptography.IncrementalHash hash)
    {
        _ends.AppendTo(hash);
        _parts.AppendTo(hash);
    }

    public void Dispose()
    {
        _parts.Dispose();
        _ends.Dispose();
        _slots.Dispose();
    }

    /// <summary>Where the word is, or the free slot that it would take.</summary>
    private ref int SlotOf(ReadOnlySpan<uint> parts)
    {
        var hash = new HashCode(); // numbers do not depend on it
        hash.AddBytes(MemoryMarshal.AsBytes(parts));
        Span<int> slots = _slots.Span(0, (int)_slots.Count);
        for (int at = hash.ToHashCode() & (slots.Length - 1); ; at = (at + 1) & (slots.Length - 1))
            if (slots[at] == 0 || Parts((uint)slots[at] - 1).SequenceEqual(parts))
                return ref slots[at];
    }

    private void GrowSlots()
    {
        int length = checked((int)Math.Max(SmallestTable, 2 * _slots.Count));
        _slots.Resize(length);
        _slots.Span(0, length).Clear();
        for (int word = 0; word < Count; word++)
            SlotOf(Parts((uint)word)) = word + 1;
    }
}
