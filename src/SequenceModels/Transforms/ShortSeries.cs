namespace SequenceModels.Transforms;

/// <summary>Tells which series of a table are too short for something.</summary>
internal static class ShortSeries
{
    /// <summary>A sentence; null where all are long enough.</summary>
    /// <param name="names">Of all series; "" of one that has none.</param>
    /// <param name="lengths">The rows of each.</param>
    /// <param name="needed">How many it takes.</param>
    /// <param name="which">Which rows are counted, such as " up to the last value"; empty: all.</param>
    /// <param name="consequence">What comes of it.</param>
    public static string? Describe(IReadOnlyList<string> names, IReadOnlyList<long> lengths, int needed, string which,
        string consequence)
    {
        int[] small = [.. Enumerable.Range(0, lengths.Count).Where(series => lengths[series] < needed)];
        if (small.Length == 0)
            return null;
        string name = names[small[0]];
        long length = lengths[small[0]];
        if (names.Count == 1)
            return Invariant($"The series{(name == "" ? "" : $" '{name}'")} has {Counted.Of(length, "row")}{which}, fewer ") +
                Invariant($"than {needed}: {consequence}.");
        string have = small.Length == 1 ? "has" : "have";
        return Invariant($"{small.Length} of {names.Count} series {have} fewer than {Counted.Of(needed, "row")}{which}: ") +
            Invariant($"{consequence}. One of these is '{name}' with {length}.");
    }
}
