using SequenceModels.Sequences;

namespace SequenceModels.Reports;

/// <summary>Which rows are measured, and in which batches: a choice that depends on nothing but the rows themselves.</summary>
internal static class MeasuredRows
{
    private const int MostSequences = 32, MostSteps = 1 << 14;

    /// <summary>Deals rows into batches, the longest first.</summary>
    public static List<int[]> IntoBatches(SequenceDataset data, IEnumerable<int> rows)
    {
        int[] sorted = [.. rows.OrderByDescending(data.Length)];
        var batches = new List<int[]>();
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            long steps = data.Length(sorted[start]);
            for (end = start + 1; end < sorted.Length && end - start < MostSequences && steps < MostSteps; end++)
                steps += data.Length(sorted[end]);
            batches.Add(sorted[start..end]);
        }
        return batches;
    }
}
