using System.Text;
using Microsoft.ML;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Measures on real data what 8-bit weights cost: the same trained model with floats and with bytes.</summary>
internal static class EightBitRun
{
    public const string Options = "--data FOLDER [--models FOLDER] [--epochs N] [--seed N] [--write FILE] [NAME...]";

    /// <summary>What may be lost: of a share 0.2 points, of a perplexity 1 %.</summary>
    private const double MostPoints = 0.002, MostPerplexity = 0.01;

    private static readonly string[] s_names = ["snips", "nsmc", "danish-parts-of-speech", "tiny-shakespeare"];

    public static int Run(Arguments arguments)
    {
        string data = arguments.Text("--data") ?? throw new ArgumentException("Say where the data sets are: --data FOLDER");
        string? file = arguments.Text("--write"), models = arguments.Text("--models");
        int epochs = arguments.Integer("--epochs", 0), seed = arguments.Integer("--seed", 1);
        string[] names = arguments.Names();

        var table = new StringBuilder();
        table.AppendLine("| data | figure | floats | 8 bits | cost | at most | weights, floats | 8 bits | share |")
            .AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (string name in names.Length > 0 ? names : s_names)
        {
            string row = Experiments.All.FirstOrDefault(experiment => experiment.Name == name) is { } labelled
                ? Measure(labelled, data, models, seed)
                : LanguageExperiment.All.FirstOrDefault(experiment => experiment.Name == name) is { } language
                ? Measure(language, data, models, epochs, seed)
                : throw new ArgumentException($"There is no experiment '{name}'.");
            Console.WriteLine(row);
            table.AppendLine(row);
        }
        if (file is not null)
            File.WriteAllText(file, Page(table.ToString(), epochs, seed));
        return 0;
    }

    private static string Measure(Experiment experiment, string data, string? models, int seed)
    {
        var ml = new MLContext(seed);
        Trial trial = experiment.Load(ml, Path.Combine(data, experiment.Folder));
        ITransformer model = LoadOrFit(ml, experiment.Name, models, trial.Fit),
            rounded = ml.Sequences().WithEightBitWeights(model);
        double floats = trial.Measure(model), bytes = trial.Measure(rounded);
        return Row(experiment.Name, experiment.Figure, $"{floats:P2}", $"{bytes:P2}", $"{(floats - bytes) * 100:F2} points",
            $"{MostPoints * 100:F1} points", model, rounded);
    }

    private static string Measure(LanguageExperiment experiment, string data, string? models, int epochs, int seed)
    {
        var ml = new MLContext(seed);
        LanguageData rows = experiment.Load(ml, Path.Combine(data, experiment.Name)).Prepared();
        LanguageModelOptions options = epochs == 0 ? experiment.Options : experiment.Options with { NumberOfEpochs = epochs };
        var model = (LanguageModelTransformer)LoadOrFit(ml, experiment.Name, models,
            () => ml.Sequences().LanguageModeling.Trainers.Lstm(options: options).Fit(rows.Train, rows.Validation));
        LanguageModelTransformer rounded = model.WithEightBitWeights();
        double Perplexity(LanguageModelTransformer of) =>
            Math.Exp(ml.Sequences().LanguageModeling.Evaluate(rows.Test, of).NllPerStep);
        double floats = Perplexity(model), bytes = Perplexity(rounded);
        string name = epochs == 0 ? experiment.Name : $"{experiment.Name}, {Counted.Of(epochs, "epoch")} in place of its own";
        return Row(name, "perplexity", $"{floats:F4}", $"{bytes:F4}", $"{bytes / floats - 1:P2}",
            $"{MostPerplexity:P0}", model, rounded);
    }

    /// <summary>The model that an earlier run has left in the folder; else it is trained, and left there.</summary>
    private static ITransformer LoadOrFit(MLContext ml, string name, string? folder, Func<ITransformer> fit)
    {
        string? path = folder is null ? null : Path.Combine(folder, name + ".zip");
        if (File.Exists(path))
            return ml.Model.Load(path, out _);
        ITransformer model = fit();
        if (path is not null)
            ml.Model.Save(model, null, path);
        return model;
    }

    private static string Row(string name, string figure, string floats, string bytes, string cost, string atMost,
        ITransformer model, ITransformer rounded)
    {
        long before = SizeOf(model), after = SizeOf(rounded);
        return $"| {name} | {figure} | {floats} | {bytes} | {cost} | {atMost} | {before:N0} bytes | {after:N0} bytes | " +
            $"{(double)after / before:P1} |";
    }

    /// <summary>Bytes of the network that a model has.</summary>
    private static long SizeOf(ITransformer model)
    {
        SequenceNetwork network = (model is IEnumerable<ITransformer> chain ? chain : [model])
            .OfType<IPredictionTransformer<SequenceModelParameters>>().Last().Model.Network;
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.Length;
    }

    private static string Page(string table, int epochs, int seed) => $"""
        # What 8-bit weights cost

        The same trained model with its weights as floats and with 8-bit weights (`WithEightBitWeights`), on the test rows. Weights are the
        file of `SequenceNetwork.Save`. The recipes are those of [accuracy](accuracy.md) and [language models](language-models.md). Seed {seed};
        {Environment.ProcessorCount} threads; written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- eightbit --data FOLDER {(epochs > 0 ? $"--epochs {epochs} " : "")}--seed {seed} --write docs/benchmarks/eight-bit.md

        {table}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";
}
