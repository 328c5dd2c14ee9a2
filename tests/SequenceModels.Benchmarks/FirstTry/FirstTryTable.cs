using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>The accuracies of firsttry.json as a table of the readmes: a line for each set, and their means.</summary>
internal static class FirstTryTable
{
    /// <summary>Writes the tables between their marks.</summary>
    /// <param name="json">The file of results.</param>
    public static void WriteReadmes(string json)
    {
        string table = Of(Results.Read(json));
        foreach (string name in new[] { "README.md", "README.ko.md" })
        {
            string readme = SequenceModels.Tests.Repository.PathOf(name);
            File.WriteAllText(readme, MarkedText.Replace(File.ReadAllText(readme), "first try", table));
        }
    }

    private static string Of(IReadOnlyList<Result> results)
    {
        var table = new MarkdownTable(["", "rows", .. Model.All.Select(model => model.Title)]);
        foreach (IGrouping<RowKind, Result> kind in results.GroupBy(result => result.Kind))
        {
            IGrouping<string, Result>[] sets = [.. kind.GroupBy(result => result.Set)];
            foreach (IGrouping<string, Result> set in sets)
                table.Add([set.Key, $"{set.First().TrainRows:N0}", .. Model.All.Select(model => Percent(set, model))]);
            table.Add([$"**mean of {sets.Length} {kind.Key.ToString().ToLowerInvariant()}**", "",
                .. Model.All.Select(model => Percent(kind, model))]);
        }
        return table.ToString();
    }

    /// <summary>The mean over all sets; a dash where the model is not for them.</summary>
    private static string Percent(IEnumerable<Result> results, Model model)
    {
        double[] accuracies = [.. results.Where(result => result.Model == model.Name).Select(result => result.Mean.Accuracy)];
        return accuracies.Length == 0 ? "-" : $"{100 * accuracies.Average():F1}";
    }
}
