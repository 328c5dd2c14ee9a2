using System.Diagnostics;
using SequenceModels.Benchmarks.Timing;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>Our trainers and ML.NET's own with no option set, on real data.</summary>
internal static class FirstTryRun
{
    public const string Options =
        "[--data FOLDER] [--more FOLDER] [--only SET,...] [--models MODEL,...] [--seeds N] [--no-times] [--write FOLDER] [--readme]";

    public static int Run(Arguments arguments)
    {
        string? data = arguments.Text("--data"), more = arguments.Text("--more"), folder = arguments.Text("--write");
        string? only = arguments.Text("--only"), named = arguments.Text("--models");
        int seeds = arguments.Integer("--seeds", 3);
        bool withTimes = !arguments.Flag("--no-times"), readme = arguments.Flag("--readme");
        arguments.End();
        if (readme && data is null && more is null)
        {
            FirstTryTable.WriteReadmes(Path.Combine(
                folder ?? throw new ArgumentException("Say where firsttry.json is: --write FOLDER"), "firsttry.json"));
            return 0;
        }
        if (data is null && more is null)
            throw new ArgumentException("Say where the data sets are: --data FOLDER, or your own: --more FOLDER");

        DataSet[] all = [.. data is null ? [] : DataSets.In(data), .. more is null ? [] : OwnTexts.In(more)];
        Model[] models = Choose("--models", named, Model.All, model => model.Name);
        var results = new List<Result>();
        var watch = Stopwatch.StartNew();
        foreach (DataSet set in Choose("--only", only, all, set => set.Name))
        {
            IReadOnlyList<Split> splits = Read(set);
            foreach (Model model in models.Where(model => model.Takes(set.Kind)))
            {
                results.Add(Measure(set, splits, model, seeds, withTimes));
                if (folder is not null) // at once: a run that is broken off keeps what it has
                    FirstTryPage.Write(folder, results);
            }
        }
        PrintTotals(results, models, watch.Elapsed);
        if (readme && folder is not null)
            FirstTryTable.WriteReadmes(Path.Combine(folder, "firsttry.json"));
        return 0;
    }

    private static T[] Choose<T>(string option, string? names, IReadOnlyList<T> all, Func<T, string> nameOf) => names is null
        ? [.. all]
        : [.. names.Split(',').Select(name => all.FirstOrDefault(one => nameOf(one) == name)
            ?? throw new ArgumentException($"{option} {name}: there is only {string.Join(", ", all.Select(nameOf))}."))];

    private static IReadOnlyList<Split> Read(DataSet set)
    {
        try
        {
            return set.Read();
        }
        catch (IOException error)
        {
            throw new ArgumentException($"{set.Name}: {error.Message} Name the sets that are there by --only.", error);
        }
    }

    private static Result Measure(DataSet set, IReadOnlyList<Split> splits, Model model, int seeds, bool withTimes)
    {
        var figures = new List<Figures>();
        for (int seed = 1; seed <= seeds; seed++)
        {
            try
            {
                figures.Add(Figures.Measure(model, splits, seed, withTimes));
            }
            catch (DllNotFoundException error)
            {
                throw new NotSupportedException($"{model.Title} could not be loaded. It needs libgomp (Debian: libgomp1); " +
                    $"--models leaves it out. {error.Message}", error);
            }
            Console.WriteLine($"{set.Name,-16} {model.Name,-9} seed {seed}  {Show(figures[^1])}");
        }
        var machine = Machine.This();
        return new Result(set.Name, set.Kind, set.About, splits[0].ClassCount, splits[0].TrainCount,
            splits.Sum(split => split.TestCount), model.Name, $"{machine.Cpu}, {machine.Cores} cores", figures);
    }

    private static void PrintTotals(List<Result> results, Model[] models, TimeSpan time)
    {
        foreach (RowKind kind in Enum.GetValues<RowKind>())
        {
            foreach (Model model in models)
            {
                Figures[] means = [.. results.Where(r => r.Kind == kind && r.Model == model.Name).Select(r => r.Mean)];
                if (means.Length == 0)
                    continue;
                Console.WriteLine($"{kind,-16} {model.Name,-9} {means.Length,2} sets  {Show(means)}");
            }
        }
        Console.WriteLine($"{time.TotalSeconds:F0} s in all");
    }

    private static string Show(Figures figures) => $"accuracy {100 * figures.Accuracy,6:F2}  log loss {figures.LogLoss,6:F3}" +
        (figures.FitSeconds is { } seconds ? $"  fit {seconds,6:F2} s  predict {figures.PredictMicroseconds,6:F0} us" : "");

    private static string Show(Figures[] sets) =>
        $"accuracy {100 * sets.Average(set => set.Accuracy),6:F2}  log loss {sets.Average(set => set.LogLoss),6:F3}" +
        (sets.All(set => set.FitSeconds is not null) ? $"  fits {sets.Sum(set => set.FitSeconds),6:F2} s" : "");
}
