using System.Diagnostics;
using System.Text;
using Microsoft.ML;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Translations;

/// <summary>Trains translators on real data, with several seeds, and writes how many rows they get right as a table.</summary>
internal static class TranslationRun
{
    public const string Options = "--data FOLDER [--seeds N] [--dev] [--write FILE] [NAME...]";

    public static int Run(Arguments arguments)
    {
        string data = arguments.Text("--data") ?? throw new ArgumentException("Say where the data sets are: --data FOLDER");
        string? file = arguments.Text("--write");
        int seeds = arguments.Integer("--seeds", 3);
        bool onDev = arguments.Flag("--dev");
        string[] names = arguments.Names();
        if (names.FirstOrDefault(name => !TranslationSets.All.ContainsKey(name)) is { } unknown)
            throw new ArgumentException($"{unknown}: there is only {string.Join(", ", TranslationSets.All.Keys)}.");

        var table = new MarkdownTable("data", "rows to learn from", onDev ? "dev" : "test", "published", "of", "token errors",
            "seconds of Fit", "recipe");
        var pronunciations = new List<double>();
        foreach (string name in names.Length == 0 ? [.. TranslationSets.All.Keys] : names)
        {
            TranslationSet set = TranslationSets.All[name](data);
            (double figure, double tokens, double seconds) = Mean(set, seeds, onDev);
            if (name.StartsWith("g2p-", StringComparison.Ordinal))
                pronunciations.Add(figure);
            table.Add(name, $"{set.Train.Count:N0}", $"{NameOf(set.Published.Figure)} {figure:F2}", $"{set.Published.Value:F2}",
                set.Published.Model, $"{tokens:F2} %", $"{seconds:F0}", TranslationRecipe.Of(name).Words);
        }
        string macro = pronunciations.Count == 0 ? ""
            : $"\nThe mean error rate of {pronunciations.Count} languages is {pronunciations.Average():F2} %.\n";
        Console.WriteLine($"{table}{macro}");
        if (file is not null)
            File.WriteAllText(file, Page($"{table}{macro}", seeds));
        return 0;
    }

    private static (double Figure, double Tokens, double Seconds) Mean(TranslationSet set, int seeds, bool onDev)
    {
        (double Figure, double Tokens, double Seconds)[] all = [.. Enumerable.Range(1, seeds).Select(seed =>
        {
            (double Figure, double Tokens, double Seconds) one = Measure(set, seed, onDev);
            Console.WriteLine($"{set.Name} seed {seed}: {NameOf(set.Published.Figure)} {one.Figure:F2} ({set.Published.Value:F2}), " +
                $"token errors {one.Tokens:F2} %, Fit {one.Seconds:F0} s");
            return one;
        })];
        return (all.Average(one => one.Figure), all.Average(one => one.Tokens), all.Average(one => one.Seconds));
    }

    private static (double Figure, double Tokens, double Seconds) Measure(TranslationSet set, int seed, bool onDev)
    {
        var ml = new MLContext(seed);
        IDataView train = ml.Data.LoadFromEnumerable(set.Train), dev = ml.Data.LoadFromEnumerable(set.Dev);
        var keys = ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(TranslationRow.Source), Cut)
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Label", nameof(TranslationRow.Target), Cut));
        TranslationRecipe recipe = TranslationRecipe.Of(set.Name);
        var watch = Stopwatch.StartNew();
        var model = keys.Append(ml.Sequences().Translation.Trainers.Lstm(options: recipe.Options)).Fit(train);
        double seconds = watch.Elapsed.TotalSeconds;
        IDataView rows = onDev ? dev : ml.Data.LoadFromEnumerable(set.Test);
        TranslationMetrics metrics = ml.Sequences().Translation.Evaluate(model.Transform(rows), nameof(TranslationRow.Target),
            bleuTokenization: BleuTokenization.None);
        double figure = set.Published.Figure switch
        {
            TranslationFigure.Bleu => metrics.Bleu,
            TranslationFigure.ExactMatch => 100 * (1 - metrics.SequenceErrorRate),
            _ => 100 * metrics.SequenceErrorRate,
        };
        return (figure, 100 * metrics.TokenErrorRate, seconds);
    }

    private static SequenceTokenization Cut => SequenceTokenization.Whitespace(maximumVocabularySize: 0);

    private static string NameOf(TranslationFigure figure) => figure switch
    {
        TranslationFigure.Bleu => "BLEU",
        TranslationFigure.ExactMatch => "exact",
        _ => "errors",
    };

    private static string Page(string table, int seeds) => $"""
        # Translation on real data

        Means over seeds 1 to {seeds}. The recipes are common ones of the field, not tuned to these sets. "errors": rows that are not wholly right, in percent
        (in papers on pronunciation: WER); "exact": rows that are, in percent; BLEU of the tokens as they are (tok:none). Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- translation --data FOLDER --seeds {seeds} --write docs/benchmarks/translation.md

        where FOLDER holds the public data sets: SIGMORPHON 2020 task 1 (words into phonemes), SCAN, SIGMORPHON 2016 task 1 (German), and Multi30k.

        {table}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";
}
