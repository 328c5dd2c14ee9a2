using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Translations;

/// <summary>Results of translation sets as a table, and as the page translation.md.</summary>
internal static class TranslationPage
{
    /// <summary>A line for each set, with means over its seeds; and the mean of all languages' pronunciations.</summary>
    /// <param name="results">Of all sets, those of one set together.</param>
    /// <param name="part">Which rows were translated.</param>
    public static string Table(IReadOnlyList<TranslationResult> results, string part)
    {
        var table = new MarkdownTable("data", "rows to learn from", part, "published", "of", "token errors", "by seed", "seconds of Fit",
            "recipe");
        var pronunciations = new List<double>();
        foreach (IGrouping<string, TranslationResult> seeds in results.GroupBy(result => result.Set))
        {
            (TranslationResult one, double mean) = (seeds.First(), seeds.Average(result => result.Value));
            if (one.Set.StartsWith("g2p-", StringComparison.Ordinal))
                pronunciations.Add(mean);
            table.Add(one.Set, $"{one.TrainRows:N0}", $"{NameOf(one.Published.Figure)} {mean:F2}", $"{one.Published.Value:F2}",
                one.Published.Model, $"{seeds.Average(result => result.TokenErrors):F2} %",
                string.Join(", ", seeds.Select(result => $"{result.Value:F2}")), seeds.Average(result => result.Seconds)?.ToString("F0") ?? "-",
                one.Recipe);
        }
        return pronunciations.Count == 0 ? table.ToString()
            : $"{table}\nThe mean error rate of {pronunciations.Count} languages is {pronunciations.Average():F2} %.\n";
    }

    /// <summary>What a figure is called in the table.</summary>
    public static string NameOf(TranslationFigure figure) => figure switch
    {
        TranslationFigure.Bleu => "BLEU",
        TranslationFigure.ExactMatch => "exact",
        _ => "errors",
    };

    /// <summary>Writes the page.</summary>
    /// <param name="file">Where.</param>
    /// <param name="results">Of all sets.</param>
    public static void Write(string file, IReadOnlyList<TranslationResult> results) => File.WriteAllText(file, $"""
        # Translation on real data

        Means over the seeds shown. Recipes were chosen on dev rows, one for all languages of pronunciations. "errors": rows that are not wholly
        right, in percent (in papers on pronunciation: WER); "exact": rows that are, in percent; BLEU of the tokens as they are (tok:none).
        A dash for seconds: trainings ran beside each other (`--jobs`). Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- translation --data FOLDER --seeds {results.Max(result => result.Seed)} --jobs 2 --write docs/benchmarks/translation.md

        where FOLDER holds the public data sets: SIGMORPHON 2020 task 1 (words into phonemes), SCAN, SIGMORPHON 2016 task 1 (German), and Multi30k.
        Figures are kept in translation.json; names of sets behind the command measure these alone, the others stay.

        {Table(results, "test")}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n");
}
