using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>Some rows of a data set, evenly spread over those that training knew as one kind.</summary>
/// <param name="Data">Where they are.</param>
/// <param name="Numbers">Which.</param>
/// <param name="Kind">What they are to the network, such as "training rows".</param>
internal sealed record ExampleRows(SequenceDataset Data, int[] Numbers, string Kind)
{
    /// <summary>Enough for a confusion matrix, few enough to take no time.</summary>
    private const int Most = 2_000;

    /// <summary>At most so many of the rows, evenly spread.</summary>
    public static int[] Spread(IReadOnlyList<int> rows, int most = Most)
    {
        int count = Math.Min(rows.Count, most);
        return [.. Enumerable.Range(0, count).Select(i => rows[(int)((long)i * rows.Count / count)])];
    }
}
