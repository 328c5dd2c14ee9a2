using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.ML;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Translations;

/// <summary>Trains translators on real data, with several seeds, and writes how many rows they get right as a table.</summary>
internal static class TranslationRun
{
    public const string Options = "--data FOLDER [--seeds N] [--first-seed N] [--jobs N] [--dev] [--write FILE] [NAME...]";

    public static int Run(Arguments arguments)
    {
        string data = arguments.Text("--data") ?? throw new ArgumentException("Say where the data sets are: --data FOLDER");
        string? file = arguments.Text("--write");
        int seeds = arguments.Integer("--seeds", 3), firstSeed = arguments.Integer("--first-seed", 1), jobs = arguments.Integer("--jobs", 1);
        bool onDev = arguments.Flag("--dev");
        string[] names = arguments.Names();
        if (names.FirstOrDefault(name => !TranslationSets.All.ContainsKey(name)) is { } unknown)
            throw new ArgumentException($"{unknown}: there is only {string.Join(", ", TranslationSets.All.Keys)}.");
        if (onDev && file is not null)
            throw new ArgumentException("The page holds figures of test rows: --write and --dev exclude each other.");

        string? json = file is null ? null : Path.ChangeExtension(file, ".json");
        IReadOnlyList<TranslationResult> results = json is null ? [] : JsonFile.Read<TranslationResult>(json);
        var sets = (names.Length == 0 ? [.. TranslationSets.All.Keys] : names).Select(name => TranslationSets.All[name](data)).ToArray();
        var trainings = Enumerable.Range(firstSeed, seeds).SelectMany(_ => sets, (seed, set) => (set, seed)).ToArray();
        int threads = Math.Max(1, Environment.ProcessorCount / jobs);
        var written = new Lock();
        // One at a time, in their order: whoever is free takes the next.
        Parallel.ForEach(Partitioner.Create(trainings,
            EnumerablePartitionerOptions.NoBuffering), new() { MaxDegreeOfParallelism = jobs }, training =>
        {
            TranslationResult one = Measure(training.set, training.seed, threads, onDev);
            if (jobs > 1)
                one = one with { Seconds = null };
            Console.WriteLine($"{one.Set} seed {one.Seed}: {TranslationPage.NameOf(one.Published.Figure)} {one.Value:F2} " +
                $"({one.Published.Value:F2}), token errors {one.TokenErrors:F2} %{(one.Seconds is { } seconds ? $", Fit {seconds:F0} s" : "")}");
            lock (written)
            {
                results = TranslationResult.Merge(results, one);
                if (json is null)
                    return;
                JsonFile.Write(json, results);
                TranslationPage.Write(file!, results);
            }
        });
        Console.WriteLine(TranslationPage.Table(results, onDev ? "dev" : "test"));
        return 0;
    }

    private static TranslationResult Measure(TranslationSet set, int seed, int threads, bool onDev)
    {
        var ml = new MLContext(seed);
        TranslationRecipe recipe = TranslationRecipe.Of(set.Name);
        SequenceTokenization cut = recipe.Subwords > 0 ? SequenceTokenization.Subwords(recipe.Subwords)
            : SequenceTokenization.Whitespace(maximumVocabularySize: 0);
        (string source, string target) = recipe.Subwords > 0 ? (nameof(TranslationRow.SourceText), nameof(TranslationRow.TargetText))
            : (nameof(TranslationRow.Source), nameof(TranslationRow.Target));
        var keys = ml.Transforms.Text.TokenizeIntoSequence("Features", source, cut)
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Label", target, cut));
        var trainer = ml.Sequences().Translation.Trainers.Lstm(options: recipe.Options with { NumberOfThreads = threads });
        var watch = Stopwatch.StartNew();
        var model = keys.Append(trainer).Fit(ml.Data.LoadFromEnumerable(set.Train));
        double seconds = watch.Elapsed.TotalSeconds;
        TranslationMetrics metrics = ml.Sequences().Translation.Evaluate(
            model.Transform(ml.Data.LoadFromEnumerable(onDev ? set.Dev : set.Test)), target,
            bleuTokenization: BleuTokenization.None);
        double value = set.Published.Figure switch
        {
            TranslationFigure.Bleu => metrics.Bleu,
            TranslationFigure.ExactMatch => 100 * (1 - metrics.SequenceErrorRate),
            _ => 100 * metrics.SequenceErrorRate,
        };
        return new TranslationResult(set.Name, seed, recipe.Words, set.Train.Count, value, 100 * metrics.TokenErrorRate, seconds,
            set.Published);
    }
}
