using System.Globalization;
using System.Text;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Reports;

namespace SequenceModels;

/// <summary>How well a forecast does on values that its training did not see, beside two forecasts that need no model.</summary>
public sealed class ForecastBackTest
{
    private readonly IReadOnlyList<BackTestSeries> _series;

    internal ForecastBackTest(IReadOnlyList<ForecastMetrics> metrics, int folds, int seasonLength, double confidenceLevel,
        IReadOnlyList<BackTestSeries> series)
    {
        (Metrics, Folds, SeasonLength, ConfidenceLevel) = (metrics, folds, seasonLength, confidenceLevel);
        _series = series;
    }

    /// <summary>By target, steps ahead and method.</summary>
    public IReadOnlyList<ForecastMetrics> Metrics { get; }

    /// <summary>How often a model was trained.</summary>
    public int Folds { get; }

    /// <summary>
    /// Steps in a season, as they were given or found; 1: none was found, and both baselines are the last value.
    /// </summary>
    public int SeasonLength { get; }

    /// <summary>Share of values that the bounds should hold.</summary>
    public double ConfidenceLevel { get; }

    /// <summary>The figures of one method, a number of steps ahead.</summary>
    /// <param name="method">Whose forecasts.</param>
    /// <param name="horizon">Steps ahead, from 1.</param>
    /// <param name="targetColumnName">Null: the first, or only, target.</param>
    /// <exception cref="ArgumentException">There is no such target or method, or the horizon is shorter.</exception>
    public ForecastMetrics Of(ForecastMethod method, int horizon, string? targetColumnName = null)
    {
        string[] targets = [.. Metrics.Select(row => row.TargetColumnName).Distinct()];
        string target = targetColumnName ?? targets[0];
        if (!targets.Contains(target))
            throw new ArgumentException($"{MissingColumn.Describe(target, targets, "forecast of a column")} Forecast: " +
                $"'{string.Join("', '", targets)}'.", nameof(targetColumnName));
        int most = Metrics.Max(row => row.Horizon);
        if (horizon < 1 || horizon > most)
            throw new ArgumentOutOfRangeException(nameof(horizon),
                string.Create(CultureInfo.InvariantCulture, $"horizon is {horizon}, but 1 to {most} steps ahead were forecast."));
        return Metrics.FirstOrDefault(row => row.Method == method && row.Horizon == horizon && row.TargetColumnName == target)
            ?? throw new ArgumentOutOfRangeException(nameof(method), $"{method} is no method of a back test.");
    }

    /// <summary>
    /// Writes a page: history, forecasts, intervals and what came true, of up to eight series and targets; and the errors over
    /// the horizon beside those of the baselines.
    /// </summary>
    /// <param name="path">
    /// The file; replaced if it is there. It is written under a temporary name beside it, then moved into place. HTML in UTF-8,
    /// complete in itself: it loads and runs nothing.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void WriteReport(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (string, string)[] facts =
        [
            ("Forecasts", Metrics.Where(row => row is { Method: ForecastMethod.Model,
            Horizon: 1 }).Sum(row => row.Count).ToString("#,0", CultureInfo.InvariantCulture)),
            ("Steps ahead", Invariant($"1 to {Metrics.Max(row => row.Horizon)}")),
            ("Trainings", Folds.ToString(CultureInfo.InvariantCulture)),
            ("Season", SeasonLength == 1 ? "none" : Counted.Of(SeasonLength, "step")),
            .. Metrics.Where(row => row.Count == 0).GroupBy(row => row.Method).Select(rows => (NameOf(rows.Key), LeftOut +
            Where(rows))),
        ];
        HorizonFigure[] figures = [.. Metrics.Select(row => row.TargetColumnName).Distinct().SelectMany(target => new[]
        {
            Figure(target, "root mean squared error", "In the target's unit; smaller is better.",
                row => row.RootMeanSquaredError),
            Figure(target, "mean pinball loss", "Of bounds and forecast; smaller is better.", row => row.PinballLoss),
            Figure(target, "share within the bounds",
            $"Should be {ConfidenceLevel.ToString("0.##", CultureInfo.InvariantCulture)}.", row => row.IntervalCoverage),
        })];
        AtomicFile.Write(path, BackTestPage.Render(facts, _series, figures, ConfidenceLevel));
    }

    /// <summary>A table with a line for each target, steps ahead and method.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, ForecastMetrics> target in Metrics.GroupBy(row => row.TargetColumnName))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{target.Key}: {Counted.Of(Folds, "fold")}, season {SeasonLength}, bounds at {ConfidenceLevel:0.##}");
            Line(text, "ahead", "method", "MAE", "RMSE", "sMAPE", "MASE", "pinball", "coverage", "width", "count");
            foreach (ForecastMetrics row in target)
                if (row.Count == 0)
                    text.Append(CultureInfo.InvariantCulture,
                        $"{row.Horizon,5}  {NameOf(row.Method),-20}    {LeftOut}").AppendLine();
                else
                    Line(text, row.Horizon.ToString(CultureInfo.InvariantCulture), NameOf(row.Method),
                        Number(row.MeanAbsoluteError), Number(row.RootMeanSquaredError),
                    Number(row.SymmetricMeanAbsolutePercentageError), Number(row.MeanAbsoluteScaledError),
                    Number(row.PinballLoss), Number(row.IntervalCoverage),
                    Number(row.IntervalWidth), row.Count.ToString(CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    /// <summary>Why a method has no figures: only the seasonal one may have none.</summary>
    private string LeftOut => $"left out: no series has a value {Counted.Of(SeasonLength, "step")} before";

    /// <summary>Which steps ahead and targets, where not all.</summary>
    private string Where(IEnumerable<ForecastMetrics> leftOut)
    {
        int most = Metrics.Max(row => row.Horizon);
        string Steps(IEnumerable<ForecastMetrics> rows) =>
            string.Join(", ", rows.Select(row => row.Horizon.ToString(CultureInfo.InvariantCulture)));
        string[] places = [.. leftOut.GroupBy(row => row.TargetColumnName).Select(rows =>
            $"{rows.Key}{(rows.Count() == most ? "" : $", {Steps(rows)} steps ahead")}")];
        return leftOut.Count() * Enum.GetValues<ForecastMethod>().Length == Metrics.Count ? ""
            : $" ({string.Join("; ", places)})";
    }

    private HorizonFigure Figure(string target, string name, string caption, Func<ForecastMetrics, double> value) => new(
        Metrics.All(row => row.TargetColumnName == target) ? name : $"{name}: {target}", caption,
        [.. Metrics.Where(row => row.TargetColumnName == target)
            .GroupBy(row => row.Method).Where(rows => rows.Any(row => row.Count > 0)).Select(rows => (NameOf(rows.Key),
            (IReadOnlyList<double>)[.. rows.Select(value)]))]);

    private static string NameOf(ForecastMethod method) => method switch
    {
        ForecastMethod.Model => "model",
        ForecastMethod.LastValue => "last value",
        _ => "seasonal last value",
    };

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 1000 ? "0" : Math.Abs(value) >= 10 ? "0.00" : "0.000", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string ahead, string method, params ReadOnlySpan<string> figures)
    {
        text.Append(ahead.PadLeft(5)).Append("  ").Append(method.PadRight(20));
        foreach (string figure in figures)
            text.Append(figure.PadLeft(10));
        text.AppendLine();
    }
}
