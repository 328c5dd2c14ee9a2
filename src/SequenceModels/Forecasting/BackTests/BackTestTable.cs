using System.Globalization;
using System.Text;

namespace SequenceModels.Forecasting;

/// <summary>Writes the figures of a back test as a table that a person reads, whatever the number of steps and targets.</summary>
internal static class BackTestTable
{
    private const int MostTargets = 10;

    public static string Write(ForecastBackTest test)
    {
        var text = new StringBuilder();
        IReadOnlyList<string> targets = test.Sums.Targets;
        text.Append(targets.Count == 1 ? targets[0] : Invariant($"{targets.Count} columns"))
            .Append(test.Folds == 0 ? ": a fitted model" : $": {Counted.Of(test.Folds, "fold")}")
            .Append(CultureInfo.InvariantCulture, $", season {test.SeasonLength}, bounds at {test.ConfidenceLevel:0.##}, ")
            .AppendLine($"errors in {test.Unit}");
        // Errors of unlike units cannot be added up.
        ForecastBackTest whole = targets.Count == 1 ? test : test.Standardized;
        if (!ReferenceEquals(whole, test))
            text.AppendLine($"all columns, in {whole.Unit}:");
        Line(text, "ahead", "method", "MAE", "MSE", "RMSE", "sMAPE", "MASE", "pinball", "coverage", "width", "count");
        int most = test.Sums.Horizon;
        foreach (int? ahead in most == 1 ? [1] : new int?[] { null, 1, (most + 1) / 2, most }.Distinct())
            foreach (ForecastMethod method in ErrorSums.Methods)
                Add(text, ahead is null ? "all" : InvariantText.Of(ahead.Value), method, whole.Of(method, ahead), test.LeftOut);
        if (targets.Count > 1)
            AddTargets(text, test);
        AddSeries(text, test);
        return text.ToString();
    }

    public static string NameOf(ForecastMethod method) => method switch
    {
        ForecastMethod.Model => "model",
        ForecastMethod.LastValue => "last value",
        _ => "seasonal last value",
    };

    private static void Add(StringBuilder text, string ahead, ForecastMethod method, ForecastMetrics row, string leftOut)
    {
        if (row.Count == 0)
            text.Append(CultureInfo.InvariantCulture, $"{ahead,5}  {NameOf(method),-20}    {leftOut}").AppendLine();
        else
            Line(text, ahead, NameOf(method), Number(row.MeanAbsoluteError), Number(row.MeanSquaredError),
                Number(row.RootMeanSquaredError), Number(row.SymmetricMeanAbsolutePercentageError),
                Number(row.MeanAbsoluteScaledError), Number(row.PinballLoss), Number(row.IntervalCoverage),
                Number(row.IntervalWidth), InvariantText.Of(row.Count));
    }

    /// <summary>A line for each target, over all steps ahead.</summary>
    private static void AddTargets(StringBuilder text, ForecastBackTest test)
    {
        text.AppendLine($"each column over all steps ahead, in {test.Unit}:");
        Line(text, "", "column", "MAE", "MSE", "RMSE", "last", "seasonal", "MASE", "coverage");
        foreach (string target in test.Sums.Targets.Take(MostTargets))
        {
            ForecastMetrics row = test.Of(ForecastMethod.Model, null, target);
            double Rmse(ForecastMethod method) => test.Of(method, null, target).RootMeanSquaredError;
            Line(text, "", target, Number(row.MeanAbsoluteError), Number(row.MeanSquaredError), Number(row.RootMeanSquaredError),
                Number(Rmse(ForecastMethod.LastValue)), Number(Rmse(ForecastMethod.SeasonalLastValue)),
                Number(row.MeanAbsoluteScaledError), Number(row.IntervalCoverage));
        }
        if (test.Sums.Targets.Count > MostTargets)
            text.AppendLine(CultureInfo.InvariantCulture, $"       and {test.Sums.Targets.Count - MostTargets} more");
    }

    /// <summary>Of several series: how many are forecast better than by the last value, and the best and the worst.</summary>
    private static void AddSeries(StringBuilder text, ForecastBackTest test)
    {
        (string Name, double Model, double Last)[] series = [.. test.Standardized.SeriesMetrics
            .GroupBy(row => row.SeriesName).Select(rows => (rows.Key!, Mean(rows, ForecastMethod.Model),
                Mean(rows, ForecastMethod.LastValue))).Where(rows => !double.IsNaN(rows.Item2))];
        if (series.Length < 2)
            return;
        (string Name, double Model, double Last) best = series.MinBy(one => one.Model / one.Last),
            worst = series.MaxBy(one => one.Model / one.Last);
        text.AppendLine(CultureInfo.InvariantCulture, $"{series.Length} series, {series.Count(one => one.Model < one.Last)} of " +
            $"them with a smaller RMSE than the last value's; that of '{best.Name}' is {best.Model / best.Last:0.00} of it, " +
            $"that of '{worst.Name}' {worst.Model / worst.Last:0.00}");
    }

    /// <summary>The RMSE over all targets of a series, in deviations of the training values.</summary>
    private static double Mean(IEnumerable<ForecastMetrics> rows, ForecastMethod method)
    {
        ForecastMetrics[] counted = [.. rows.Where(row => row.Method == method && row.Count > 0)];
        return Math.Sqrt(counted.Sum(row => row.MeanSquaredError * row.Count) / counted.Sum(row => row.Count));
    }

    private static string Number(double value) => double.IsNaN(value) ? "-"
        : value.ToString(Math.Abs(value) >= 1000 ? "0" : Math.Abs(value) >= 10 ? "0.00" : "0.000", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string ahead, string method, params ReadOnlySpan<string> figures)
    {
        text.Append(ahead.PadLeft(5)).Append("  ").Append(method.PadRight(20));
        foreach (string figure in figures)
            text.Append(figure.PadLeft(10));
        text.AppendLine();
    }
}
