using SequenceModels.Sequences;

namespace SequenceModels.Columns;

/// <summary>Reads all columns of a network's input in one row or cursor.</summary>
/// <param name="first">Of the first feature; null: it is the number 1 at each step.</param>
/// <param name="further">Of the others.</param>
internal sealed class InputReader(SequenceReader? first, params SequenceReader[] further)
{
    private readonly SequenceReader _leader = first ?? further[0];
    private float[] _ones = [];

    /// <summary>T, the number of steps of the row read last.</summary>
    public int Length => _leader.Length;

    /// <summary>Reads the row.</summary>
    /// <exception cref="InvalidOperationException">The row holds what a column's kind does not allow, or columns of different lengths.</exception>
    public void Read()
    {
        first?.Read();
        foreach (SequenceReader reader in further)
            reader.Read();
        foreach (SequenceReader reader in further)
            if (reader.Length != Length)
                throw reader.Invalid(Invariant($"it has {Counted.Of(reader.Length, "step")}, but '{_leader.Name}' has {Length}"),
                    "All feature columns must hold a value for each step of the same sequence.");
    }

    /// <summary>Adds the row read last to a data set.</summary>
    /// <param name="data">Made by <see cref="InputColumns.NewDataset"/>.</param>
    /// <param name="labels">As many as the data set's targets want; NaN: that one counts nothing.</param>
    /// <param name="weight">What the row counts.</param>
    public void AddTo(SequenceDataset data, ReadOnlySpan<float> labels, float weight = 1)
    {
        SetFurther(data);
        if (data.Input == SequenceInput.Tokens)
            data.Add(first!.Tokens, labels, weight);
        else
            data.Add(Frames, labels, weight);
    }

    /// <summary>Adds a row without steps, in place of one that could not be read.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="labels">As many as its targets want.</param>
    public static void AddEmptyTo(SequenceDataset data, ReadOnlySpan<float> labels)
    {
        if (data.Input == SequenceInput.Tokens)
            data.Add(ReadOnlySpan<uint>.Empty, labels);
        else
            data.Add(ReadOnlySpan<float>.Empty, labels);
    }

    private ReadOnlySpan<float> Frames => first is null ? Ones() : first.Frames;

    private void SetFurther(SequenceDataset data)
    {
        for (int i = 0; i < further.Length; i++)
            further[i].SetIn(data, i);
    }

    private ReadOnlySpan<float> Ones()
    {
        if (_ones.Length < Length)
        {
            _ones = new float[Length];
            Array.Fill(_ones, 1);
        }
        return _ones.AsSpan(0, Length);
    }
}
