using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>The part of the page on an experiment with several columns and many steps ahead: means over them.</summary>
internal static class ForecastSum
{
    public static string Section(ForecastExperiment experiment, ForecastMeans means, bool holds, double seconds,
        IReadOnlyList<LagBaseline> lags)
    {
        var table = new MarkdownTable("columns and steps ahead", "forecast", "MSE", "MAE", "coverage");
        foreach (string name in means.Names)
        {
            foreach ((ForecastMethod method, string words) in new[] { (ForecastMethod.Model, "model"),
                (ForecastMethod.LastValue, "last value"), (ForecastMethod.SeasonalLastValue, "a season ago") })
            {
                (double squared, double absolute, double coverage) = means.Overall(name, method);
                table.Add(name, words, $"{squared:F3}", $"{absolute:F3}", $"{coverage:F3}");
            }
            foreach (LagBaseline baseline in lags.Where(baseline => baseline.Forecasts == name))
                table.Add(name, baseline.Name, $"{baseline.StandardizedSquaredError:F3}", $"{baseline.StandardizedAbsoluteError:F3}", "-");
        }
        return $"## {experiment.Name}\n\n{experiment.Recipe}. {seconds:F0} seconds a seed.\n\nMark: {experiment.Mark}. " +
            $"**{(holds ? "Reached" : "Not reached")}**.\n{LagBaseline.Describe(lags)}\n{table}{experiment.Notes}";
    }
}
