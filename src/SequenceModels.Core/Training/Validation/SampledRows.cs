using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>Some rows of a training, copied: a look into the network can wait until somebody asks for it.</summary>
/// <param name="Data">The rows.</param>
/// <param name="Of">How many there were to choose from.</param>
/// <param name="Kind">What they are to the network, such as "training rows".</param>
internal sealed record SampledRows(SequenceDataset Data, int Of, string Kind)
{
    /// <summary>Enough for a confusion matrix.</summary>
    private const int MostRows = 2_000;

    /// <summary>Few enough to be scored in no time, and numbers that they may hold.</summary>
    private const long MostSteps = 1 << 16, MostNumbers = 1 << 22;

    /// <summary>Copies rows that are evenly spread over all. Which ones depends on the rows alone.</summary>
    /// <param name="rows">The rows; not of data where the next step is predicted.</param>
    /// <param name="kind">What they are to the network.</param>
    public static SampledRows Choose(RowSelection rows, string kind)
    {
        SequenceDataset all = rows.Data;
        var data = new SequenceDataset(all.Inputs, targets: all.Targets.CreateFor, rowFeatureSize: all.RowFeatures.Size);
        long beside = all.RowFeatures.Count / Math.Max(1, all.Count);
        foreach (int row in Spread(all, rows, (int)Math.Min(MostRows, MostNumbers / (1 + beside)),
            Math.Min(MostSteps, MostNumbers / (1 + all.Inputs.NumbersPerStep))))
            data.Add(all, row);
        return new SampledRows(data, rows.Count, kind);
    }

    /// <summary>At most so many of the rows, evenly spread.</summary>
    public static int[] Spread(IReadOnlyList<int> rows, int most)
    {
        int count = Math.Min(rows.Count, most);
        return [.. Enumerable.Range(0, count).Select(i => rows[(int)((long)i * rows.Count / count)])];
    }

    /// <summary>
    /// At most so many of the rows, with at most so many steps in all, evenly spread; but at least one, if there is one.
    /// </summary>
    public static int[] Spread(SequenceDataset data, IReadOnlyList<int> rows, int most, long mostSteps)
    {
        while (true)
        {
            int[] spread = Spread(rows, most);
            long steps = spread.Sum(row => (long)data.Length(row));
            if (steps <= mostSteps || spread.Length <= 1)
                return spread;
            most = (int)Math.Max(1, Math.Min(spread.Length - 1, spread.Length * mostSteps / steps));
        }
    }
}
