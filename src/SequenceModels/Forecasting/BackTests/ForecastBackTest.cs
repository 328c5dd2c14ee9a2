using System.Globalization;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Forecasting;
using SequenceModels.Reports;

namespace SequenceModels;

/// <summary>How well a forecast does on values that its training did not see, beside two forecasts that need no model.</summary>
public sealed class ForecastBackTest
{
    /// <summary>Targets whose figures a report shows at most.</summary>
    private const int MostShown = 8;

    private readonly ErrorSums _sums, _standardized;
    private readonly bool _isStandardized;
    private readonly IReadOnlyList<BackTestSeries> _series;
    private readonly Lazy<IReadOnlyList<ForecastMetrics>> _bySteps, _bySeries;

    internal ForecastBackTest(ErrorSums sums, ErrorSums standardized, int folds, int seasonLength, double confidenceLevel,
        IReadOnlyList<BackTestSeries> series, bool isStandardized = false)
    {
        (_sums, _standardized, _isStandardized, _series) = (sums, standardized, isStandardized, series);
        (Folds, SeasonLength, ConfidenceLevel) = (folds, seasonLength, confidenceLevel);
        _bySteps = new(() => [.. sums.BySteps()]);
        _bySeries = new(() => [.. sums.BySeries()]);
    }

    /// <summary>By target, steps ahead and method.</summary>
    public IReadOnlyList<ForecastMetrics> Metrics => _bySteps.Value;

    /// <summary>By series, target and method, over all steps ahead.</summary>
    public IReadOnlyList<ForecastMetrics> SeriesMetrics => _bySeries.Value;

    /// <summary>How often a model was trained; 0: it was given.</summary>
    public int Folds { get; }

    /// <summary>
    /// Steps in a season, as they were given or found; 1: none was found, and both baselines are the last value.
    /// </summary>
    public int SeasonLength { get; }

    /// <summary>Share of values that the bounds should hold.</summary>
    public double ConfidenceLevel { get; }

    /// <summary>
    /// The same with errors in units of the training deviation: each is divided by the standard deviation of its series' and
    /// target's training values. So the errors of columns of unlike units can be added up, and are those that the literature
    /// gives of standardised data. Series that stood still in training do not count.
    /// </summary>
    public ForecastBackTest Standardized => _isStandardized ? this
        : new(_standardized, _standardized, Folds, SeasonLength, ConfidenceLevel, _series, isStandardized: true);

    internal ErrorSums Sums => _sums;

    /// <summary>What an error of this target is counted in, in words.</summary>
    internal string Unit => _isStandardized ? "the deviation of the training values" : "the target's unit";

    /// <summary>Why a method has no figures: only the seasonal one may have none.</summary>
    internal string LeftOut => $"left out: no series has a value {Counted.Of(SeasonLength, "step")} before";

    /// <summary>The figures of one method: a number of steps ahead, or over all; of one target, or over all.</summary>
    /// <param name="method">Whose forecasts.</param>
    /// <param name="horizon">Steps ahead, from 1. Null: over all of them, each value that was forecast counted once.</param>
    /// <param name="targetColumnName">
    /// Null: over all targets; where they have unlike units, ask <see cref="Standardized"/> for that.
    /// </param>
    /// <exception cref="ArgumentException">There is no such target or method, or the horizon is shorter.</exception>
    public ForecastMetrics Of(ForecastMethod method, int? horizon = null, string? targetColumnName = null)
    {
        if (targetColumnName is not null && !_sums.Targets.Contains(targetColumnName))
            throw new ArgumentException(
                $"{MissingColumn.Describe(targetColumnName, _sums.Targets, "forecast of a column")} Forecast: " +
                $"'{string.Join("', '", _sums.Targets)}'.", nameof(targetColumnName));
        if (horizon < 1 || horizon > _sums.Horizon)
            throw new ArgumentOutOfRangeException(nameof(horizon), string.Create(CultureInfo.InvariantCulture,
                $"horizon is {horizon}, but 1 to {_sums.Horizon} steps ahead were forecast."));
        return Enum.IsDefined(method)
            ? _sums.Of(method, horizon ?? 0, targetColumnName ?? (_sums.Targets.Count == 1 ? _sums.Targets[0] : null))
            : throw new ArgumentOutOfRangeException(nameof(method), $"{method} is no method of a back test.");
    }

    /// <summary>
    /// Writes a page: history, forecasts, intervals and what came true, of up to eight series and targets; and the errors over
    /// the horizon beside those of the baselines, of up to eight targets. With a column of times, the axes show times.
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
            ("Forecasts", Of(ForecastMethod.Model, 1).Count.ToString("#,0", CultureInfo.InvariantCulture)),
            ("Steps ahead", Invariant($"1 to {_sums.Horizon}")),
            ("Trainings", Folds == 0 ? "none: the model was given" : Folds.ToString(CultureInfo.InvariantCulture)),
            ("Season", SeasonLength == 1 ? "none" : Counted.Of(SeasonLength, "step")),
            .. Metrics.Where(row => row.Count == 0).GroupBy(row => row.Method).Select(rows => (BackTestTable.NameOf(rows.Key),
                LeftOut + Where(rows))),
        ];
        HorizonFigure[] figures = [.. _sums.Targets.Take(MostShown).SelectMany(target => new[]
        {
            Figure(target, "root mean squared error", $"In {Unit}; smaller is better.", row => row.RootMeanSquaredError),
            Figure(target, "mean pinball loss", "Of bounds and forecast; smaller is better.", row => row.PinballLoss),
            Figure(target, "share within the bounds",
            $"Should be {ConfidenceLevel.ToString("0.##", CultureInfo.InvariantCulture)}.", row => row.IntervalCoverage),
        })];
        AtomicFile.Write(path, BackTestPage.Render(facts, _series, figures, ConfidenceLevel));
    }

    /// <summary>
    /// A short table: over all steps ahead and at the first, a middle and the last one, beside the baselines; of several targets
    /// also a line for each, of the first ten. <see cref="Metrics"/> has all.
    /// </summary>
    public override string ToString() => BackTestTable.Write(this);

    /// <summary>Which steps ahead and targets, where not all.</summary>
    private string Where(IEnumerable<ForecastMetrics> leftOut)
    {
        string Steps(IEnumerable<ForecastMetrics> rows) =>
            string.Join(", ", rows.Select(row => row.Horizon.ToString(CultureInfo.InvariantCulture)));
        string[] places = [.. leftOut.GroupBy(row => row.TargetColumnName).Select(rows =>
            $"{rows.Key}{(rows.Count() == _sums.Horizon ? "" : $", {Steps(rows)} steps ahead")}")];
        return leftOut.Count() * ErrorSums.Methods.Length == Metrics.Count ? "" : $" ({string.Join("; ", places)})";
    }

    private HorizonFigure Figure(string target, string name, string caption, Func<ForecastMetrics, double> value) => new(
        _sums.Targets.Count == 1 ? name : $"{name}: {target}", caption,
        [.. Metrics.Where(row => row.TargetColumnName == target)
            .GroupBy(row => row.Method).Where(rows => rows.Any(row => row.Count > 0)).Select(rows =>
            (BackTestTable.NameOf(rows.Key), (IReadOnlyList<double>)[.. rows.Select(value)]))]);
}
