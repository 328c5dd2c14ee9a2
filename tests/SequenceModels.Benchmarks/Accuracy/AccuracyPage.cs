using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Results of experiments as a table, and as the page accuracy.md.</summary>
internal static class AccuracyPage
{
    /// <summary>A line for each experiment that has results, with the mean over its seeds.</summary>
    public static string Table(IReadOnlyList<AccuracyResult> results)
    {
        var table = new MarkdownTable("data", "figure", "mark", "mean", "by seed", "seconds a seed", "threads", "recipe");
        foreach ((Experiment experiment, AccuracyResult[] seeds) in Experiments.All
            .Select(experiment => (experiment, Of(results, experiment))).Where(row => row.Item2.Length > 0))
            table.Add(experiment.Name, experiment.Figure, $"{experiment.Mark:P1}", $"{seeds.Average(seed => seed.Value):P2}",
                string.Join(", ", seeds.Select(seed => $"{seed.Value:P2}")), $"{seeds.Average(seed => seed.Seconds):F0}",
                string.Join(", ", seeds.Select(seed => seed.Threads).Distinct()), seeds[0].Recipe);
        return table.ToString();
    }

    /// <summary>Writes the page.</summary>
    /// <param name="file">Where.</param>
    /// <param name="results">Of all experiments.</param>
    public static void Write(string file, IReadOnlyList<AccuracyResult> results) => File.WriteAllText(file, $"""
        # Accuracy on real data

        Accuracy is the share of test rows, or of tokens where each has a tag, whose label was predicted; span F1 the harmonic mean of the
        precision and recall of whole spans (`Sequences().Tagging.Evaluate`). Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- accuracy --data FOLDER --seeds {results.Max(result => result.Seed)} --write docs/benchmarks/accuracy.md

        where FOLDER holds the public data sets: SNIPS intents and slots in the split of Goo et al. (2018), UCI Japanese Vowels, UCI optical
        digits 8x8, surnames of 18 languages (practical-pytorch), 25,000 reviews of the Naver sentiment movie corpus, names of WNUT 2017, and the
        parts of speech of the Danish Universal Dependencies as shipped with bilstm-aux. Figures are kept in accuracy.json; names of rows behind
        the command measure these alone, the others stay. Seconds are of the machine and of the day that a row was measured on.
        The names' own split keeps equal spellings on one side; a random split of rows puts copies of many test names into the
        training rows and is easier.

        {Table(results)}
        {string.Join("\n", Experiments.All.Where(experiment => experiment.Notes.Length > 0 && Of(results, experiment) is { Length: > 0 } seeds &&
            seeds.Average(seed => seed.Value) < experiment.Mark).Select(experiment => $"**{experiment.Name}** is below its mark. {experiment.Notes}\n"))}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n");

    private static AccuracyResult[] Of(IReadOnlyList<AccuracyResult> results, Experiment experiment) =>
        [.. results.Where(result => result.Name == experiment.Name).OrderBy(result => result.Seed)];
}
