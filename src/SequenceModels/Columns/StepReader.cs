using SequenceModels.Sequences;

namespace SequenceModels.Columns;

/// <summary>Reads all columns of a network's input in one row or cursor.</summary>
/// <param name="readers">Of each column.</param>
internal sealed class StepReader(SequenceReader[] readers)
{
    /// <summary>T, the number of steps of the row read last.</summary>
    public int Length => readers[0].Length;

    /// <summary>Reads the row.</summary>
    /// <exception cref="InvalidOperationException">The row holds what a column's kind does not allow, or columns of different lengths.</exception>
    public void Read()
    {
        foreach (SequenceReader reader in readers)
            reader.Read();
        foreach (SequenceReader reader in readers)
            if (reader.Length != Length)
                throw reader.Bad($"it has {reader.Length} steps, but '{readers[0].Name}' has {Length}",
                    "The feature columns must hold a value for each step of the sequence, all of them.");
    }

    /// <summary>Adds the row read last to a data set.</summary>
    /// <param name="data">Made by <see cref="StepColumns.NewDataset"/>.</param>
    /// <param name="label">The sequence's.</param>
    /// <param name="weight">What the row counts.</param>
    public void AddTo(SequenceDataset data, float label, float weight = 1)
    {
        if (data.Input == SequenceInput.Tokens)
            data.Add(readers[0].Tokens, label, weight);
        else
            data.Add(readers[0].Frames, label, weight);
    }

    /// <summary>Adds the row read last to a data set, with a label for each step.</summary>
    /// <param name="data">Made by <see cref="StepColumns.NewDataset"/>.</param>
    /// <param name="labels">[T]; NaN: that step counts nothing.</param>
    public void AddTo(SequenceDataset data, ReadOnlySpan<float> labels)
    {
        if (data.Input == SequenceInput.Tokens)
            data.Add(readers[0].Tokens, labels);
        else
            data.Add(readers[0].Frames, labels);
    }

    /// <summary>Adds a row without steps, in place of one that could not be read.</summary>
    public static void AddEmptyTo(SequenceDataset data)
    {
        if (data.Input == SequenceInput.Tokens)
            data.Add(ReadOnlySpan<uint>.Empty, label: 0);
        else
            data.Add(ReadOnlySpan<float>.Empty, label: 0);
    }
}
