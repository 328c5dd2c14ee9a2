using System.Diagnostics;
using System.Text;
using Microsoft.ML;

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

        var table = new StringBuilder();
        table.AppendLine("| data | figure | mark | mean | by seed | seconds a seed | recipe |")
            .AppendLine("|---|---|---|---|---|---|---|");
        foreach (Experiment experiment in Experiments.All.Where(e => names.Length == 0 || names.Contains(e.Name)))
        {
            var watch = Stopwatch.StartNew();
            double[] accuracies = [.. Enumerable.Range(1, seeds)
                .Select(seed => experiment.Load(new MLContext(seed), Path.Combine(data, experiment.Folder)).Run())];
            string row = $"| {experiment.Name} | {experiment.Figure} | {experiment.Mark:P1} | {accuracies.Average():P2} | " +
                $"{string.Join(", ", accuracies.Select(a => a.ToString("P2")))} | {watch.Elapsed.TotalSeconds / seeds:F0} | " +
                $"{experiment.Recipe} |";
            Console.WriteLine(row);
            table.AppendLine(row);
        }
        if (file is not null)
            File.WriteAllText(file, Page(table.ToString(), seeds));
        return 0;
    }

    private static string Page(string table, int seeds) => $"""
        # Accuracy on real data

        Accuracy is the share of test rows, or of tokens where each has a tag, whose label was predicted; span F1 the harmonic mean of the
        precision and recall of whole spans (`Sequences().Tagging.Evaluate`). Seeds 1 to {seeds}; {Environment.ProcessorCount} threads; written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- accuracy --data FOLDER --seeds {seeds} --write docs/benchmarks/accuracy.md

        where FOLDER holds the public data sets: SNIPS intents and slots in the split of Goo et al. (2018), UCI Japanese Vowels, UCI optical
        digits 8x8, surnames of 18 languages (practical-pytorch), 25,000 reviews of the Naver sentiment movie corpus, names of WNUT 2017, and the
        parts of speech of the Danish Universal Dependencies as shipped with bilstm-aux.
        The names' own split keeps equal spellings on one side; a random split of rows puts copies of many test names into the
        training rows and is easier.

        {table}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";
}
