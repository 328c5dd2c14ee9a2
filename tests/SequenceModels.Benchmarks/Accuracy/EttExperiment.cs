using System.Diagnostics;
using Microsoft.ML;
using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>
/// Forecasts of ETTh2 on the split by convention, with the figures that the literature gives: errors of standardised values, as
/// means over columns and steps ahead.
/// </summary>
/// <param name="Name">Names it on the command line and on the page.</param>
/// <param name="Columns">What is read and forecast.</param>
/// <param name="WindowSize">Hours that a forecast is made from.</param>
/// <param name="Options">The recipe, the same for both horizons.</param>
/// <param name="Recipe">The same in words.</param>
internal sealed record EttExperiment(string Name, string[] Columns, int WindowSize, ForecastOptions Options, string Recipe)
{
    private static readonly ForecastOptions s_options = new()
    {
        HiddenSize = 32, Scaling = ForecastScaling.None, Loss = ForecastLoss.SquaredError, ConfidenceLevel = 0.9f, BatchSize = 64,
        LearningRate = 2e-3f, NumberOfEpochs = 10, EarlyStoppingPatience = 3,
    };

    private static readonly int[] s_horizons = [24, 48];

    public static IReadOnlyList<EttExperiment> All { get; } =
    [
        new("etth2", [.. EttRow.Columns], 48, s_options,
            "all 7 columns from all; window 48, LSTM 32, one scale for all windows, batch 64, rate 2e-3, at most 10 epochs"),
        new("etth2-ot", ["OT"], 48, s_options,
            "the oil temperature from itself; window 48, LSTM 32, one scale for all windows, batch 64, rate 2e-3, at most 10 " +
            "epochs"),
    ];

    /// <summary>The section of the page, and whether the model has the smallest squared error at both horizons.</summary>
    public (string Section, bool Holds) Run(string folder, int seeds)
    {
        EttRow[] rows = EttRow.Load(folder);
        LagBaseline[] lags = [.. LagBaseline.Of(Name, folder)];
        var table = new MarkdownTable("steps ahead", "forecast", "MSE", "MAE", "coverage");
        bool holds = true;
        var watch = new Stopwatch();
        foreach (int horizon in s_horizons)
        {
            watch.Start();
            ForecastBackTest[] tests = [.. Enumerable.Range(1, seeds).Select(seed => Test(rows, horizon, seed))];
            watch.Stop();
            double Add(string name, ForecastMethod method)
            {
                ForecastMetrics[] means = [.. tests.Select(test => test.Of(method))];
                double squared = means.Average(row => row.MeanSquaredError);
                table.Add($"1 to {horizon}", name, $"{squared:F3}", $"{means.Average(row => row.MeanAbsoluteError):F3}",
                    $"{means.Average(row => row.IntervalCoverage):F3}");
                return squared;
            }
            double model = Add("model", ForecastMethod.Model), others = Math.Min(Add("last value", ForecastMethod.LastValue),
                Add("a day ago", ForecastMethod.SeasonalLastValue));
            foreach (LagBaseline baseline in lags.Where(baseline => baseline.Set.Horizon == horizon))
            {
                table.Add($"1 to {horizon}", baseline.Name, $"{baseline.StandardizedSquaredError:F3}",
                    $"{baseline.StandardizedAbsoluteError:F3}", "-");
                others = Math.Min(others, baseline.StandardizedSquaredError);
            }
            holds &= model < others;
        }
        return ($"## {Name}\n\nhourly; {Recipe}. Errors are those of standardised values, as means over columns and steps ahead. " +
            $"{watch.Elapsed.TotalSeconds / seeds:F0} seconds a seed for both horizons.\n\nMark: for 24 and 48 hours a smaller " +
            $"MSE than the last value, the value a day ago and LightGbm on lags. **{(holds ? "Reached" : "Not reached")}**.\n" +
            $"{LagBaseline.Describe(lags)}\n{table}", holds);
    }

    private ForecastBackTest Test(EttRow[] rows, int horizon, int seed)
    {
        var ml = new MLContext(seed);
        return ml.Sequences().Forecasting.BackTest(
            ml.Forecasting.ForecastByLstm("Forecast", Columns, WindowSize, horizon, Options),
            ml.Data.LoadFromEnumerable(rows), ForecastSplit.AtRow(EttRow.Test, EttRow.Validation, EttRow.End),
            seasonLength: EttRow.Day).Standardized;
    }
}
