using SequenceModels.Files;

namespace SequenceModels.Sequences;

internal sealed partial class SequenceDataset
{
    /// <summary>
    /// Where the next step is predicted: makes one row of all, so that the first step of each row but the first is what comes
    /// after the last of the row before. Every step but the very first is then a label; weights are forgotten.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are more steps than a row can have.</exception>
    public void JoinRows()
    {
        long steps = _held;
        if (steps > int.MaxValue)
            throw new InvalidOperationException(Invariant($"The rows have {steps} steps in all; rows that follow each other ") +
                Invariant($"may have {int.MaxValue}. Give fewer rows."));
        _starts.Clear();
        _ends.Clear();
        _weights.Clear();
        (Count, NumberOfSteps) = (0, 0);
        if (steps < 2)
            return;
        _starts.Add(0);
        _ends.Add(steps - 1);
        _weights.Add(1);
        (Count, NumberOfSteps) = (1, steps - 1);
    }

    /// <summary>
    /// Where the next step is predicted: cuts rows that are longer than their share of so many streams into parts of equal
    /// length, each a row, so that one long text can be read at many places at once. No step and no label is lost:
    /// the label of a part's last step stands in the next part.
    /// </summary>
    /// <param name="streams">How many, or a few more.</param>
    /// <param name="shortest">No share is smaller than so many steps.</param>
    public void DealIntoStreams(int streams, int shortest)
    {
        long share = Math.Max(Math.Max(1, shortest), (NumberOfSteps + streams - 1) / streams);
        using SpillList<long> starts = NewList<long>(), ends = NewList<long>();
        using SpillList<float> weights = NewList<float>();
        for (int row = 0; row < Count; row++)
        {
            long start = Start(row), length = Length(row), parts = Math.Max(1, (length + share - 1) / share);
            for (long part = 0; part < parts; part++)
            {
                starts.Add(start + length * part / parts);
                ends.Add(start + length * (part + 1) / parts);
                weights.Add(Weight(row));
            }
        }
        if (ends.Count == Count)
            return;
        _starts.Clear();
        _ends.Clear();
        _weights.Clear();
        Count = checked((int)ends.Count);
        for (int row = 0; row < Count; row++)
        {
            _starts.Add(starts[row]);
            _ends.Add(ends[row]);
            _weights.Add(weights[row]);
        }
    }
}
