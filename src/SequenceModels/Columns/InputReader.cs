using SequenceModels.Sequences;

namespace SequenceModels.Columns;

/// <summary>Reads all columns of a network's input in one row or cursor.</summary>
/// <param name="readers">In the order of the network's features.</param>
internal sealed class InputReader(params SequenceReader[] readers)
{
    /// <summary>Reads what the row has beside its steps; null: nothing.</summary>
    public RowFeatureReader? RowFeatures { get; init; }

    /// <summary>Whether each row's steps are handed on from the last to the first.</summary>
    public bool Reverses { get; init; }

    /// <summary>T, the number of steps of the row read last.</summary>
    public int Length => readers[0].Length;

    /// <summary>Reads the row.</summary>
    /// <exception cref="InvalidOperationException">
    /// The row holds what a column's kind does not allow, or columns of different lengths, or numbers that are none.
    /// </exception>
    public void Read()
    {
        foreach (SequenceReader reader in readers)
            reader.Read();
        RowFeatures?.Read();
        foreach (SequenceReader reader in readers)
            if (reader.Length != Length)
                throw reader.Invalid(
                    Invariant($"it has {Counted.Of(reader.Length, "step")}, but '{readers[0].Name}' has {Length}"),
                    "All feature columns must hold a value for each step of the same sequence.");
        if (!Reverses)
            return;
        foreach (SequenceReader reader in readers)
            reader.Reverse();
    }

    /// <summary>Adds the row read last to a data set.</summary>
    /// <param name="data">Made by <see cref="InputColumns.NewDataset"/>.</param>
    /// <param name="labels">As many as the data's targets want; NaN: that one counts nothing.</param>
    /// <param name="weight">What the row counts.</param>
    public void AddTo(SequenceDataset data, ReadOnlySpan<float> labels, float weight = 1)
    {
        for (int i = 0; i < readers.Length; i++)
            readers[i].SetIn(data, i);
        RowFeatures?.SetIn(data);
        data.CloseRow(labels, weight);
    }
}
