using System.Diagnostics;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>The baseline of the page of forecasts alone: LightGbm on the last values.</summary>
internal static class LagRun
{
    public const string Options = "--data FOLDER [NAME...]";

    public static int Run(Arguments arguments)
    {
        string data = arguments.Text("--data") ?? throw new ArgumentException("Say where the data sets are: --data FOLDER");
        foreach (string name in arguments.Names())
        {
            var watch = Stopwatch.StartNew();
            foreach (LagBaseline baseline in LagBaseline.Of(name, data))
            {
                Console.WriteLine($"## {name}: {baseline.Name}, 1 to {baseline.Set.Horizon} ahead\n\n{baseline.Chosen.Words}. " +
                    $"Standardised, over all: MSE {baseline.StandardizedSquaredError:F3}, " +
                    $"MAE {baseline.StandardizedAbsoluteError:F3}. {watch.Elapsed.TotalSeconds:F0} seconds.\n");
                if (baseline.Set.Targets > 1)
                    continue;
                var table = new MarkdownTable("steps ahead", "MAE", "RMSE", "MASE", "forecasts");
                foreach (ForecastMetrics row in baseline.Metrics[0])
                    table.Add($"{row.Horizon}", $"{row.MeanAbsoluteError:F3}", $"{row.RootMeanSquaredError:F3}",
                        $"{row.MeanAbsoluteScaledError:F3}", $"{row.Count}");
                Console.WriteLine(table);
            }
        }
        return 0;
    }
}
