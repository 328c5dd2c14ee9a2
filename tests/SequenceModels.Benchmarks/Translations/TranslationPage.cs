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

    /// <summary>What the table does not tell.</summary>
    private const string Notes = """
        ## What was tried

        - **Pronunciations.** Test rows of a language are 450, so that a word more or less is 0.2 points. On dev rows of Lithuanian (22.0 with the recipe): dropout
          0.3 or batches of 8 give 21.6, averaged weights (`AverageWeights = 0.999`) 23.3. Batches of 32 and 40 epochs, the recipe before, gave a mean of 21.0 on test rows.
          Korean test words are harder than dev words: with averaged weights 20.4 % of the dev words are wrong.
        - **Lengths that training never had** (scan-length): there are no such rows among the dev rows, so that nothing was chosen for them; the recipe is that
          of scan-simple. The published figure is of the best of its authors' networks; two LSTM without attention have 13.8 there.
        - **Captions** (multi30k), BLEU on dev rows of 5 epochs of the first 10,000 rows with dropout 0.2: rate 1e-3 6.8, 3e-3 17.1, 5e-3 14.6. At 3e-3: dropout
          0.1 16.9, GRU 13.8, input feeding 9.9. At 1e-3, vectors that begin a tenth as large: 1.8. 12 epochs of all rows at 1e-3 with dropout 0.4: 27.4. Not tried: a
          larger decoder, more epochs, subwords of both languages together. The published network has a second GRU cell that reads what attention found.
        """;

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
        {Notes}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n");
}
