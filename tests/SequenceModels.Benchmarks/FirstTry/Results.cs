using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>All results, kept as a JSON file from one run to the next.</summary>
internal static class Results
{
    public static IReadOnlyList<Result> Read(string path) => JsonFile.Read<Result>(path);

    public static void Write(string path, IReadOnlyList<Result> results) => JsonFile.Write(path, results);

    /// <summary>The older results with newer ones in their place or beside them, in the order of sets and models.</summary>
    /// <param name="older">What was kept.</param>
    /// <param name="newer">What was measured now.</param>
    /// <param name="sets">The order of sets; others stand behind them.</param>
    public static IReadOnlyList<Result> Merge(IReadOnlyList<Result> older, IReadOnlyList<Result> newer,
        IReadOnlyList<string> sets)
    {
        static int Place(IEnumerable<string> names, string name) => names.TakeWhile(other => other != name).Count();
        return [.. newer.UnionBy(older, result => (result.Set, result.Model))
            .OrderBy(result => result.Kind).ThenBy(result => Place(sets, result.Set))
            .ThenBy(result => result.Set, StringComparer.Ordinal)
            .ThenBy(result => Place(FirstTry.Model.All.Select(model => model.Name), result.Model))];
    }
}
