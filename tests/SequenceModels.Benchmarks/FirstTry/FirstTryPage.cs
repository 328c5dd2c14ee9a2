using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>The page firsttry.md, made from firsttry.json.</summary>
internal static class FirstTryPage
{
    /// <summary>Puts new results among those that the folder holds, and shows them all.</summary>
    public static void Write(string folder, IReadOnlyList<Result> newer)
    {
        Directory.CreateDirectory(folder);
        string json = Path.Combine(folder, "firsttry.json");
        IReadOnlyList<Result> results = Results.Merge(Results.Read(json), newer, [.. DataSets.In("").Select(set => set.Name)]);
        Results.Write(json, results);
        File.WriteAllText(Path.Combine(folder, "firsttry.md"), Page(results));
    }

    private static string Page(IReadOnlyList<Result> results) => $"""
        # First try

        What somebody gets who sets no option: our trainers beside ML.NET's own on the same rows.

        {string.Join('\n', Model.All.Select(model => $"- {model.Title}: {model.Typed}"))}

        Padded numbers are all numbers of a row as one vector, with zeros up to the length of the longest training row. Sets of
        two classes are trained and evaluated as multiclass too. Folds are dealt out by the order of the rows, class by class;
        equal texts stand in one fold. Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- firsttry --data FOLDER --write docs/benchmarks

        which takes any of the sets (`--only`) and models (`--models`) and leaves the other figures as they were. Measured on
        {string.Join("; ", results.Select(result => result.Processor).Distinct())}.

        ## Accuracy

        Per cent of the test rows, mean over seeds. A name, or 57 bases, is one word, and seldom one that training saw:
        Lstm() reads these by characters, and Korean by subwords (`TokenizeIntoSequence` looks at the texts).

        {Accuracy(results)}
        ## Log loss and times

        Log loss: mean of -ln of the probability that was given to the right class. Fit: seconds, tokenization or FeaturizeText
        included, for one fold. Predict: microseconds of one row in a prediction engine. Times are medians over seeds. A dash:
        not measured, for the machine was not quiet.

        {Details(results)}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";

    private static string Accuracy(IReadOnlyList<Result> results) => string.Join('\n', results.GroupBy(r => r.Kind).Select(kind =>
    {
        Model[] models = [.. Model.All.Where(model => kind.Any(result => result.Model == model.Name))];
        var table = new MarkdownTable([kind.Key.ToString().ToLowerInvariant(), "what", "classes", "training rows", "test rows",
            .. models.Select(model => model.Title)]);
        ILookup<string, Result> sets = kind.ToLookup(result => result.Set);
        foreach (IGrouping<string, Result> set in sets)
        {
            Result any = set.First();
            table.Add([set.Key, any.About, $"{any.Classes}", $"{any.TrainRows:N0}", $"{any.TestRows:N0}",
                .. models.Select(model => Percent(set.FirstOrDefault(result => result.Model == model.Name)?.Mean.Accuracy))]);
        }
        IGrouping<string, Result>[] full = [.. sets.Where(set => set.Count() == models.Length)];
        if (full.Length == 0)
            return table.ToString();
        double Of(IEnumerable<Result> set, Model model) => set.Single(result => result.Model == model.Name).Mean.Accuracy;
        double Mean(Model model) => full.Average(set => Of(set, model));
        table.Add([$"mean of {full.Length}", "", "", "", "", .. models.Select(model => Percent(Mean(model)))]);
        Model[] baselines = [.. models.Where(model => model.IsBaseline)];
        string[] differences = [.. models.Except(baselines).SelectMany(ours => baselines
            .Select(theirs => $"{ours.Title} beside {theirs.Title} {Points(Mean(ours) - Mean(theirs))} (better on " +
                $"{full.Count(set => Of(set, ours) > Of(set, theirs))} of {full.Length})"))];
        return $"{table}\n{(differences.Length > 0 ? $"Mean difference in points: {string.Join(", ", differences)}.\n" : "")}";
    }));

    private static string Details(IReadOnlyList<Result> results)
    {
        var table = new MarkdownTable("set", "model", "accuracy by seed", "log loss", "fit, s", "predict, us");
        foreach (Result result in results)
        {
            Figures mean = result.Mean;
            table.Add(result.Set, Model.All.FirstOrDefault(model => model.Name == result.Model)?.Title ?? result.Model,
                string.Join(", ", result.Seeds.Select(seed => Percent(seed.Accuracy))), $"{mean.LogLoss:F3}",
                mean.FitSeconds?.ToString("F2") ?? "-",
                mean.PredictMicroseconds?.ToString("F0") ?? "-");
        }
        return table.ToString();
    }

    private static string Percent(double? share) => share is { } value ? $"{100 * value:F1}" : "-";

    private static string Points(double share) => (100 * share).ToString("+0.0;-0.0");
}
