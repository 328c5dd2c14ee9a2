using System.Diagnostics;
using Microsoft.ML;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Back tests of forecasts on real and made-up series, each with several seeds, beside the two baselines.</summary>
internal static class ForecastRun
{
    public const string Options = "--data FOLDER [--seeds N] [--write FILE] [NAME...]";

    public static int Run(Arguments arguments)
    {
        string data = arguments.Text("--data") ?? throw new ArgumentException("Say where the data sets are: --data FOLDER");
        string? file = arguments.Text("--write");
        int seeds = arguments.Integer("--seeds", 3);
        string[] names = arguments.Names();

        bool all = true;
        foreach (ForecastExperiment experiment in ForecastExperiments.All.Where(e => names.Length == 0 || names.Contains(e.Name)))
        {
            var watch = Stopwatch.StartNew();
            var means = new ForecastMeans(
                [.. Enumerable.Range(1, seeds).SelectMany(seed => experiment.Run(new MLContext(seed), data))]);
            double seconds = watch.Elapsed.TotalSeconds / seeds;
            LagBaseline[] lags = [.. LagBaseline.Of(experiment.Name, data)];
            bool holds = experiment.Holds(means, lags);
            all &= holds;
            string section = Section(experiment, means, holds, seconds, lags);
            Console.WriteLine(section);
            if (file is not null)
                ForecastPage.Write(file, section, seeds);
        }
        return all ? 0 : 1;
    }

    private static string Section(ForecastExperiment experiment, ForecastMeans means, bool holds, double seconds,
        LagBaseline[] lags)
    {
        if (experiment.IsSummed)
            return ForecastSum.Section(experiment, means, holds, seconds, lags);
        var table = new MarkdownTable("steps ahead", "forecast", "MAE", "RMSE", "sMAPE", "MASE", "pinball", "coverage", "width");
        for (int h = 1; h <= means.Horizon; h++)
        {
            foreach (string name in means.Names)
                Add(table, h, name, means.Of(name, ForecastMethod.Model, h));
            Add(table, h, "last value", means.Of(means.Names.First(), ForecastMethod.LastValue, h));
            Add(table, h, "a season ago", means.Of(means.Names.First(), ForecastMethod.SeasonalLastValue, h));
            foreach (LagBaseline baseline in lags.Where(baseline => baseline.Set.Targets == 1))
                Add(table, h, baseline.Name, baseline.Metrics[0][h - 1]);
        }
        return $"## {experiment.Name}\n\n{experiment.Recipe}. {seconds:F0} seconds a seed.\n\nMark: {experiment.Mark}. " +
            $"**{(holds ? "Reached" : "Not reached")}**; " +
            $"coverage over all steps ahead {means.Coverage:F3}.\n{LagBaseline.Describe(lags)}\n{table}{experiment.Notes}";
    }

    private static void Add(MarkdownTable table, int h, string name, ForecastMetrics row) =>
        table.Add($"{h}", name, Text(row.MeanAbsoluteError), Text(row.RootMeanSquaredError),
        Text(row.SymmetricMeanAbsolutePercentageError), Text(row.MeanAbsoluteScaledError), Text(row.PinballLoss),
        Text(row.IntervalCoverage), Text(row.IntervalWidth));

    private static string Text(double value) => double.IsNaN(value) ? "-" : value.ToString(Math.Abs(value) >= 100 ? "F1" : "F3");
}
