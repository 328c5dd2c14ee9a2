using System.Diagnostics;
using System.Text;
using Microsoft.ML;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Trains language models on real data, and writes how well they predict as a table.</summary>
internal static class LanguageRun
{
    public const string Options = "--data FOLDER [--epochs N] [--seed N] [--write FILE] [NAME...]";

    public static int Run(Arguments arguments)
    {
        string data = arguments.Text("--data") ?? throw new ArgumentException("Say where the data sets are: --data FOLDER");
        string? file = arguments.Text("--write");
        int epochs = arguments.Integer("--epochs", 0), seed = arguments.Integer("--seed", 1);
        string[] names = arguments.Names();
        var table = new StringBuilder();
        table.AppendLine("| data | mark | validation | test | steps tested | epochs | seconds | recipe |").AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (LanguageExperiment experiment in LanguageExperiment.All.Where(e => names.Length == 0 || names.Contains(e.Name)))
        {
            string row = Measure(experiment, Path.Combine(data, experiment.Name), epochs, seed);
            Console.WriteLine(row);
            table.AppendLine(row);
        }
        if (file is not null)
            File.WriteAllText(file, Page(table.ToString(), seed));
        return 0;
    }

    private static string Measure(LanguageExperiment experiment, string folder, int epochs, int seed)
    {
        var ml = new MLContext(seed);
        ml.Log += (_, e) =>
        {
            if (e.Source.Contains("LanguageModel", StringComparison.Ordinal) && e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Info)
                Console.WriteLine($"  {DateTime.Now:HH:mm:ss} {e.RawMessage}");
        };
        LanguageData data = experiment.Load(ml, folder).Prepared();
        LanguageModelOptions options = epochs == 0 ? experiment.Options : experiment.Options with { NumberOfEpochs = epochs };
        var watch = Stopwatch.StartNew();
        LanguageModelTransformer model = ml.Sequences().LanguageModeling.Trainers.Lstm(options: options).Fit(data.Train, data.Validation);
        double seconds = watch.Elapsed.TotalSeconds;
        LanguageModelMetrics validation = ml.Sequences().LanguageModeling.Evaluate(data.Validation, model);
        LanguageModelMetrics test = ml.Sequences().LanguageModeling.Evaluate(data.Test, model);
        return $"| {experiment.Name} | {experiment.Mark} ({experiment.On}) | {validation.NllPerStep:F3} | {test.NllPerStep:F3} | {test.NumberOfTokens:N0} | " +
            $"{model.Model.History.Count} | {seconds:F0} | {experiment.Recipe} |";
    }

    private static string Page(string table, int seed) => $"""
        # Language models on real data

        The mean of -log p of the next step, in nats: of a character, or of all notes of a step together. The epoch with the smallest
        validation loss. Seed {seed}; {Environment.ProcessorCount} threads; written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- language --data FOLDER --seed {seed} --write docs/benchmarks/language-models.md

        where FOLDER holds the public data sets: Karpathy's tiny-shakespeare, and the Nottingham folk tunes as piano rolls in the split of
        Boulanger-Lewandowski et al. (2012).

        {table}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";
}
