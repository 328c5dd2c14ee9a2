using System.Collections;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>Some rows of a data set, or all.</summary>
/// <param name="Data">Where they are.</param>
/// <param name="Numbers">Which; null: all.</param>
internal sealed record RowSelection(SequenceDataset Data, SpillList<int>? Numbers = null) : IReadOnlyList<int>
{
    public int Count => Numbers is null ? Data.Count : (int)Numbers.Count;

    /// <summary>The number of the i-th of them in the data.</summary>
    public int this[int i] => Numbers is null ? i : Numbers[i];

    public IEnumerator<int> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
