using System.Diagnostics;
using Microsoft.ML;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Runs experiments, each with several seeds, and writes what came out as a table.</summary>
internal static class AccuracyRun
{
    public static int Run(Arguments arguments)
    {
        string data = arguments.Text("--data") ?? throw new ArgumentException("Say where the data sets are: --data FOLDER");
        string? file = arguments.Text("--write");
        int seeds = arguments.Integer("--seeds", 3);
        string[] names = arguments.Names();
        if (names.FirstOrDefault(name => Experiments.All.All(experiment => experiment.Name != name)) is { } unknown)
            throw new ArgumentException(
                $"{unknown}: there is only {string.Join(", ", Experiments.All.Select(experiment => experiment.Name))}.");

        string? json = file is null ? null : Path.ChangeExtension(file, ".json");
        IReadOnlyList<AccuracyResult> results = json is null ? [] : JsonFile.Read<AccuracyResult>(json);
        foreach (Experiment experiment in Experiments.All.Where(e => names.Length == 0 || names.Contains(e.Name)))
            foreach (int seed in Enumerable.Range(1, seeds))
            {
                var watch = Stopwatch.StartNew();
                double value = experiment.Load(new MLContext(seed), Path.Combine(data, experiment.Folder)).Run();
                Console.WriteLine($"{experiment.Name} seed {seed}: {value:P2} ({experiment.Mark:P1})");
                results = AccuracyResult.Merge(results, new AccuracyResult(experiment.Name, seed, experiment.Recipe, value,
                    watch.Elapsed.TotalSeconds, Environment.ProcessorCount));
                if (json is null)
                    continue;
                JsonFile.Write(json, results);
                AccuracyPage.Write(file!, results);
            }
        Console.WriteLine(AccuracyPage.Table(results));
        return 0;
    }
}
