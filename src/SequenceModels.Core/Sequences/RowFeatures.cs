using System.Numerics.Tensors;
using System.Security.Cryptography;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>
/// What rows of a data set have as a whole, beside their steps: numbers of F slots, of which those that are not zero are held.
/// Any number of threads may read at once.
/// </summary>
/// <param name="size">F; 0: rows have nothing beside their steps.</param>
/// <param name="budget">What may be held in memory.</param>
internal sealed class RowFeatures(int size, MemoryBudget budget) : IDisposable
{
    private readonly SpillList<int> _slots = new(budget);
    private readonly SpillList<float> _values = new(budget);
    private readonly SpillList<long> _ends = new(budget);

    /// <summary>F.</summary>
    public int Size => size;

    /// <summary>Numbers that are held for all rows.</summary>
    public long Count => _slots.Count;

    public bool IsMapped => _slots.IsMapped || _values.IsMapped;

    /// <summary>Gives the row that is closed next its numbers; all other slots are 0.</summary>
    /// <param name="slots">From 0, ascending.</param>
    /// <param name="values">[slots] finite.</param>
    /// <exception cref="ArgumentException">The slots do not ascend, or are none; a value is NaN or infinite.</exception>
    public void Set(ReadOnlySpan<int> slots, ReadOnlySpan<float> values)
    {
        if (slots.Length != values.Length)
            throw new ArgumentException(Invariant($"There are {slots.Length} slots for {values.Length} values."), nameof(slots));
        Begin(values);
        int before = -1;
        for (int i = 0; i < slots.Length; before = slots[i++])
            if (slots[i] <= before || slots[i] >= size)
                throw new ArgumentException(Invariant($"Slot {slots[i]} stands after slot {before}: of the {size} slots each ") +
                    "may stand once, in ascending order.", nameof(slots));
        for (int i = 0; i < slots.Length; i++)
            Add(slots[i], values[i]);
    }

    /// <summary>Gives the row that is closed next its numbers, all of them.</summary>
    /// <param name="values">[F] finite.</param>
    /// <exception cref="ArgumentException">There are more or fewer values, or one is NaN or infinite.</exception>
    public void Set(ReadOnlySpan<float> values)
    {
        if (values.Length != size)
            throw new ArgumentException(Invariant($"A row has {Counted.Of(size, "number")} beside its steps, not ") +
                Invariant($"{values.Length}."), nameof(values));
        Begin(values);
        for (int slot = 0; slot < values.Length; slot++)
            Add(slot, values[slot]);
    }

    /// <summary>Ends a row. One whose numbers were not set has zeros.</summary>
    public void CloseRow()
    {
        if (size > 0)
            _ends.Add(_slots.Count);
    }

    /// <summary>Forgets the numbers that were set for the row that is closed next.</summary>
    public void Cut()
    {
        _slots.Resize(End(_ends.Count));
        _values.Resize(End(_ends.Count));
    }

    /// <summary>The slots in which a row has numbers, ascending.</summary>
    public ReadOnlySpan<int> Slots(int row) => _slots.Span(End(row), (int)(End(row + 1L) - End(row)));

    /// <summary>The numbers of these slots.</summary>
    public ReadOnlySpan<float> Values(int row) => _values.Span(End(row), (int)(End(row + 1L) - End(row)));

    /// <summary>Forgets all rows and keeps the memory for others.</summary>
    public void Clear()
    {
        _slots.Clear();
        _values.Clear();
        _ends.Clear();
    }

    /// <summary>Adds all numbers to a hash; nothing where there are none.</summary>
    public void AppendTo(IncrementalHash hash)
    {
        if (size == 0)
            return;
        _ends.AppendTo(hash);
        _slots.AppendTo(hash);
        _values.AppendTo(hash);
    }

    public void Dispose()
    {
        _slots.Dispose();
        _values.Dispose();
        _ends.Dispose();
    }

    /// <summary>Where the numbers of so many rows end.</summary>
    private long End(long rows) => rows == 0 ? 0 : _ends[rows - 1];

    private void Begin(ReadOnlySpan<float> values)
    {
        if (!values.IsEmpty && !TensorPrimitives.IsFiniteAll(values))
            throw new ArgumentException("A number of a row is NaN or infinite.", nameof(values));
        Cut();
    }

    /// <summary>A zero counts nothing: numbers have the same bits, whether or not their zeros are given.</summary>
    private void Add(int slot, float value)
    {
        if (value == 0)
            return;
        _slots.Add(slot);
        _values.Add(value);
    }
}
