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
        var samples = new StringBuilder();
        table.AppendLine("| data | mark | validation | test | steps tested | epochs | seconds | recipe |")
            .AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (LanguageExperiment experiment in LanguageExperiment.All.Where(e => names.Length == 0 || names.Contains(e.Name)))
        {
            (string row, string? sample) = Measure(experiment, Path.Combine(data, experiment.Name), epochs, seed);
            Console.WriteLine(row);
            table.AppendLine(row);
            samples.Append(sample);
        }
        if (file is not null)
            File.WriteAllText(file, Page(table.ToString(), samples.ToString(), seed));
        return 0;
    }

    private static (string Row, string? Sample) Measure(LanguageExperiment experiment, string folder, int epochs, int seed)
    {
        var ml = new MLContext(seed);
        ml.Log += (_, e) =>
        {
            if (e.Source.Contains("LanguageModel", StringComparison.Ordinal) &&
                e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Info)
                Console.WriteLine($"  {DateTime.Now:HH:mm:ss} {e.RawMessage}");
        };
        LanguageData loaded = experiment.Load(ml, folder), data = loaded.Prepared();
        LanguageModelOptions options = epochs == 0 ? experiment.Options : experiment.Options with { NumberOfEpochs = epochs };
        var watch = Stopwatch.StartNew();
        LanguageModelTransformer model = ml.Sequences().LanguageModeling.Trainers.Lstm(options: options)
            .Fit(data.Train, data.Validation);
        double seconds = watch.Elapsed.TotalSeconds;
        LanguageModelMetrics validation = ml.Sequences().LanguageModeling.Evaluate(data.Validation, model);
        LanguageModelMetrics test = ml.Sequences().LanguageModeling.Evaluate(data.Test, model);
        string row = $"| {experiment.Name} | {experiment.Mark} ({experiment.On}) | {validation.NllPerStep:F3} | " +
            $"{test.NllPerStep:F3} | {test.NumberOfTokens:N0} | " +
            $"{model.Model.History.Count} | {seconds:F0} | {experiment.Recipe} |";
        return (row, loaded.Prepare is null ? null : Sample(ml, experiment, loaded.Prepare.Append(model), seed));
    }

    /// <summary>What the model writes behind a prompt, as it comes.</summary>
    private static string Sample(MLContext ml, LanguageExperiment experiment, ITransformer model, int seed)
    {
        var options = new GenerationOptions { MaximumLength = 800, Temperature = 0.8f, Seed = seed };
        string text = experiment.Prompt + ml.Sequences().LanguageModeling.CreateGenerator(model)
            .GenerateText(experiment.Prompt, options);
        Console.WriteLine(text);
        return $"""

            ## What it writes: {experiment.Name}

            The first {options.MaximumLength} tokens behind the prompt `{experiment.Prompt.Trim()}`, temperature {options.Temperature}, seed {seed}, as they came:

            ```text
            {text.Trim()}
            ```

            """;
    }

    private static string Page(string table, string samples, int seed) => $"""
        # Language models on real data

        The mean of -log p of the next step, in nats: of a character, or of all notes of a step together. The epoch with the smallest
        validation loss. Seed {seed}; {Environment.ProcessorCount} threads; written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- language --data FOLDER --seed {seed} --write docs/benchmarks/language-models.md

        where FOLDER holds the public data sets: Karpathy's tiny-shakespeare, and the Nottingham folk tunes as piano rolls in the split of
        Boulanger-Lewandowski et al. (2012).

        {table}{samples}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";
}
