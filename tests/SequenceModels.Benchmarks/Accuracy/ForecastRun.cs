using System.Diagnostics;
using System.Text;
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

        var page = new StringBuilder();
        bool all = true;
        foreach (ForecastExperiment experiment in ForecastExperiments.All.Where(e => names.Length == 0 || names.Contains(e.Name)))
        {
            var watch = Stopwatch.StartNew();
            var means = new ForecastMeans(
                [.. Enumerable.Range(1, seeds).SelectMany(seed => experiment.Run(new MLContext(seed), data))]);
            bool holds = experiment.Holds(means);
            all &= holds;
            double seconds = watch.Elapsed.TotalSeconds / seeds;
            string section = Section(experiment, means, holds, seconds, [.. LagBaseline.Of(experiment.Name, data)]);
            Console.WriteLine(section);
            page.Append('\n').Append(section);
        }
        if (file is not null)
            File.WriteAllText(file, Page(page.ToString(), seeds));
        return all ? 0 : 1;
    }

    private static string Section(ForecastExperiment experiment, ForecastMeans means, bool holds, double seconds,
        LagBaseline[] lags)
    {
        if (experiment.IsSummed)
            return ForecastSum.Section(experiment, means, holds, seconds);
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

    private static string Page(string sections, int seeds) => $"""
        # Forecasts

        Each data set is cut in time: a model is trained on the rows before the cut and forecasts from every step after it. The figures are means
        over seeds 1 to {seeds}. Beside each model stand the last value and the value of one season ago, on the same values, with bounds made of their
        own errors in the training rows; all bounds are meant to hold 90% of the values. Behind them stands ML.NET's LightGbm on lags: a regression
        for each step ahead on the last values of the columns that the network reads, as many as its window has, once as levels, once as
        differences from the last value, with options chosen on the last tenth of the training rows. Written by

            dotnet run -c Release --project tests/SequenceModels.Benchmarks -- forecast --data FOLDER --seeds {seeds} --write docs/benchmarks/forecasting.md

        where FOLDER holds the public data sets: monthly sunspots 1749 to 1983, daily minimum temperatures of Melbourne 1981 to 1990, monthly airline
        passengers 1949 to 1960 (Box and Jenkins), UCI Beijing PM2.5 2010 to 2014, and ETTh2 (Zhou et al. 2021), on its published split. sMAPE in per cent; MASE in units of the mean absolute change
        from one training value to the next; pinball: mean pinball loss of the bounds and the forecast; width: mean distance of the bounds.
        {sections}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";
}
