using SequenceModels.Kernels;

namespace SequenceModels.Sequences;

/// <summary>The numbers that a batch's sequences have as a whole, beside their steps.</summary>
internal sealed unsafe class BatchRowFeatures
{
    private readonly IndexBuffer _slots = new();
    private readonly FloatBuffer _values = new();
    private int[] _ends = [0];

    /// <summary>F: slots that a sequence has; 0: it has nothing beside its steps.</summary>
    public int Size { get; private set; }

    /// <summary>The slots of all sequences that have a number, one sequence after the other.</summary>
    public ReadOnlySpan<int> Slots => _slots.Span[..Start(Sequences)];

    /// <summary>Their numbers.</summary>
    public ReadOnlySpan<float> Values => _values.Span[..Start(Sequences)];

    /// <summary>The same, where they begin.</summary>
    public int* SlotData => _slots.Data;

    public float* ValueData => _values.Data;

    /// <summary>Sequences whose numbers there are.</summary>
    public int Sequences { get; private set; }

    /// <summary>The place of the first number of the k-th longest sequence; of one behind the last: how many there are.</summary>
    public int Start(int k) => _ends[k];

    /// <summary>Forgets the numbers, and that there were any.</summary>
    public void Clear() => (Size, Sequences) = (0, 0);

    /// <summary>Takes the numbers of rows of a data set.</summary>
    public void Take(RowFeatures features, ReadOnlySpan<int> rows)
    {
        Size = features.Size;
        if (Size == 0)
            return;
        Reserve(rows.Length);
        for (int k = 0; k < rows.Length; k++)
            _ends[k + 1] = ArrayLength.Of((long)_ends[k] + features.Slots(rows[k]).Length);
        _slots.Reserve(Start(rows.Length));
        _values.Reserve(Start(rows.Length));
        for (int k = 0; k < rows.Length; k++)
        {
            features.Slots(rows[k]).CopyTo(_slots.Span[Start(k)..]);
            features.Values(rows[k]).CopyTo(_values.Span[Start(k)..]);
        }
    }

    /// <summary>Takes the numbers of the one sequence that there is: [F], finite.</summary>
    public void Take(ReadOnlySpan<float> values)
    {
        Size = values.Length;
        Reserve(1);
        _slots.Reserve(values.Length);
        _values.Reserve(values.Length);
        int count = 0;
        for (int slot = 0; slot < values.Length; slot++)
            if (values[slot] != 0)
                (_slots.Data[count], _values.Data[count++]) = (slot, values[slot]);
        _ends[1] = count;
    }

    private void Reserve(int sequences)
    {
        Sequences = sequences;
        if (_ends.Length <= sequences)
            _ends = new int[sequences + 1];
    }
}
