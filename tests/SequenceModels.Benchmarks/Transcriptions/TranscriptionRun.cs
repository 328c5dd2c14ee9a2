using System.Diagnostics;
using Microsoft.ML;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Transcriptions;

/// <summary>Trains transcribers on real data, with several seeds, and writes what share they get wrong as a table.</summary>
internal static class TranscriptionRun
{
    public const string Options = "--data FOLDER [--seeds N] [--epochs N] [--dev] [--write FILE] [NAME...]";

    public static int Run(Arguments arguments)
    {
        string data = arguments.Text("--data") ?? throw new ArgumentException("Say where the data sets are: --data FOLDER");
        string? file = arguments.Text("--write");
        int seeds = arguments.Integer("--seeds", 3), epochs = arguments.Integer("--epochs", 0);
        bool onDev = arguments.Flag("--dev");
        string[] names = arguments.Names();
        if (names.FirstOrDefault(name => !TranscriptionSet.All.ContainsKey(name)) is { } unknown)
            throw new ArgumentException($"{unknown}: there is only {string.Join(", ", TranscriptionSet.All.Keys)}.");

        var table = new MarkdownTable("data", "rows to learn from", "search", $"{(onDev ? "dev" : "test")}: tokens / words wrong, %",
            "rows wrong, %", "seconds of Fit", "others, tokens / words", "recipe");
        foreach (string name in names.Length == 0 ? [.. TranscriptionSet.All.Keys] : names)
        {
            TranscriptionSet set = TranscriptionSet.All[name](data);
            TranscriptionRecipe recipe = TranscriptionRecipe.Of(name);
            if (epochs > 0)
                recipe = recipe with { Options = recipe.Options with { NumberOfEpochs = epochs } };
            foreach (IGrouping<string, Result> search in Enumerable.Range(1, seeds).SelectMany(seed => Measure(set, recipe, seed, onDev))
                .ToArray().GroupBy(result => result.Search))
                table.Add(name, $"{set.Train.Count:N0}", search.Key,
                    $"{search.Average(one => one.Tokens):F2} / {search.Average(one => one.Words):F2}",
                    $"{search.Average(one => one.Rows):F2}", $"{search.Average(one => one.Seconds):F0}", set.Reached, recipe.Words);
        }
        Console.WriteLine(table);
        if (file is not null)
            File.WriteAllText(file, Page($"{table}", seeds));
        return 0;
    }

    private static IEnumerable<Result> Measure(TranscriptionSet set, TranscriptionRecipe recipe, int seed, bool onDev)
    {
        var ml = new MLContext(seed);
        IDataView train = ml.Data.LoadFromEnumerable(set.Train), rows = ml.Data.LoadFromEnumerable(onDev ? set.Dev : set.Test);
        var prepared = set.Frames(ml).Append(ml.Transforms.Text.TokenizeIntoSequence("Label", nameof(TranscriptionRow.Said),
            SequenceTokenization.Characters() with { StartToken = recipe.LanguageModel is not null, EndToken = recipe.LanguageModel is not null }))
            .Fit(train);
        IDataView learned = ml.Data.Cache(prepared.Transform(train), "Features", "Label");
        var watch = Stopwatch.StartNew();
        TranscriptionTransformer model = ml.Sequences().Transcription.Trainers.Lstm(options: recipe.Options).Fit(learned);
        double seconds = watch.Elapsed.TotalSeconds;
        yield return Evaluate(ml, "greedy", prepared.Append(model), train.Schema, rows, seconds);
        if (recipe.LanguageModel is null)
            yield break;

        LanguageModelTransformer language = ml.Sequences().LanguageModeling.Trainers.Lstm("Label", recipe.LanguageModel).Fit(learned);
        TranscriptionTransformer searching = ml.Sequences().Transcription.Trainers.Lstm(options: recipe.Options with
        {
            NumberOfEpochs = 0, BeamSize = 16, LanguageModel = language, LanguageModelWeight = 0.6f, LengthBonus = 1,
        }).Fit(learned, null, model.Model);
        yield return Evaluate(ml, "beam 16, language model of the training transcripts", prepared.Append(searching), train.Schema, rows,
            seconds);
    }

    /// <summary>By the pipeline as it is saved and loaded.</summary>
    private static Result Evaluate(MLContext ml, string search, ITransformer pipeline, DataViewSchema schema, IDataView rows, double seconds)
    {
        using var saved = new MemoryStream();
        ml.Model.Save(pipeline, schema, saved);
        saved.Position = 0;
        TranscriptionMetrics metrics = ml.Sequences().Transcription.Evaluate(new MLContext().Model.Load(saved, out _).Transform(rows));
        var result = new Result(search, 100 * metrics.TokenErrorRate, 100 * metrics.WordErrorRate, 100 * metrics.SequenceErrorRate, seconds);
        Console.WriteLine($"{search}: tokens {result.Tokens:F2} %, words {result.Words:F2} %, rows {result.Rows:F2} %, Fit {seconds:F0} s");
        return result;
    }

    private static string Page(string table, int seeds) => $"""
        # Transcription on real data

        Means over seeds 1 to {seeds}. Tokens are characters, so that their share wrong is what papers call CER; words are WER; in percent,
        insertions, deletions and substitutions together. Recipes were chosen on dev rows. Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- transcription --data FOLDER --seeds {seeds} --write docs/benchmarks/transcription.md

        where FOLDER holds the public data sets. an4-speech: AN4 of Carnegie Mellon, as ESPnet divides it. spoken-digits: strings of 3 to 7
        digits put together from recordings of the Free Spoken Digit Dataset (two speakers, takes 0 to 4 of each digit for test), written as
        WAV files; one pipeline, saved and loaded, reads the files, makes log-mel frames and writes the digits down.

        {table}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";

    /// <summary>What was measured with one seed, in percent.</summary>
    private sealed record Result(string Search, double Tokens, double Words, double Rows, double Seconds);
}
