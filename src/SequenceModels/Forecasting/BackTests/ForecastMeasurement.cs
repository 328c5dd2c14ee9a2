using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Forecasting;

/// <summary>Lets models forecast, and adds up how far they and the baselines were from what came true.</summary>
/// <param name="columns">Of the forecasts.</param>
/// <param name="horizon">H.</param>
/// <param name="confidenceLevel">Of the bounds.</param>
/// <param name="limits">Of the bounds.</param>
internal sealed class ForecastMeasurement(ForecastColumns columns, int horizon, double confidenceLevel, ValueLimits limits)
{
    /// <summary>Series that a report shows at most.</summary>
    private const int MostShown = 8;

    private readonly ErrorSums _sums = new(columns.Targets, horizon, confidenceLevel),
        _standardized = new(columns.Targets, horizon, confidenceLevel);
    private readonly Dictionary<(string Series, int Target), ShownSeries> _shown = [];

    /// <summary>The season that was given or found; 0: not found yet.</summary>
    public int SeasonLength { get; set; }

    /// <summary>What was measured.</summary>
    /// <param name="trainings">How many models were trained.</param>
    /// <param name="tested">How many steps were to be forecast.</param>
    /// <exception cref="InvalidOperationException">Nothing was; says why.</exception>
    public ForecastBackTest Result(int trainings, int tested)
    {
        if (_sums.BySteps().All(row => row.Count == 0))
            throw NothingMeasured(tested);
        return new ForecastBackTest(_sums, _standardized, trainings, SeasonLength, confidenceLevel,
            [.. _shown.Values.Select(series => series.ToPage())]);
    }

    /// <summary>Measures a model on the rows of a fold.</summary>
    /// <param name="model">It gives the columns of forecasts.</param>
    /// <param name="data">All rows.</param>
    /// <param name="ranks">Their times.</param>
    /// <param name="fold">What they are.</param>
    public void Add(ITransformer model, IDataView data, TimeRanks ranks, FoldRows fold)
    {
        bool[] seen = fold.SeenRows;
        int[] rows = [.. Enumerable.Range(0, seen.Length).Where(row => seen[row])];
        IDataView forecasts = model.Transform(new RowSubset(data, seen));
        var table = SeriesTable.Read(forecasts, columns with { Past = [], Future = [], Static = [] }, needPositive: false);
        int[] training = CountTraining(table, fold, rows);
        if (SeasonLength == 0)
            SeasonLength = FindSeason(table, training);
        var baselines = new Baselines[table.Series.Length, columns.Targets.Length];
        for (int series = 0; series < table.Series.Length; series++)
            for (int target = 0; target < columns.Targets.Length; target++)
                baselines[series, target] = Baselines.Of(ValuesOf(table.Series[series], target), training[series], SeasonLength,
                    horizon, (float)confidenceLevel, limits);
        Measure(forecasts, table, row => fold.IsOrigin(rows[row]), baselines, Times(table, ranks, rows));
    }

    /// <summary>Where there are times: that of each step of each series.</summary>
    private static Func<int, int, string>? Times(SeriesTable table, TimeRanks ranks, int[] rows)
    {
        if (!ranks.HasTimes)
            return null;
        int[][] rowsOf = [.. table.Series.Select(series => new int[series.Count])];
        for (int row = 0; row < table.Places.Length; row++)
            rowsOf[table.Places[row].Series][table.Places[row].Step] = rows[row];
        return (series, step) => ranks.Show(rowsOf[series][step]);
    }

    /// <summary>In the training values of the longest series; where there are none, in all of its values.</summary>
    private static int FindSeason(SeriesTable table, int[] training)
    {
        float[] values = ValuesOf(table.Series.MaxBy(series => series.Count)!, 0);
        return SeasonDetector.Of(training.Max() == 0 ? values : values[..Math.Min(values.Length, training.Max())]);
    }

    private void Measure(IDataView forecasts, SeriesTable table, Func<int, bool> isOrigin, Baselines[,] baselines,
        Func<int, int, string>? timeOf)
    {
        DataViewSchema.Column[] made = [forecasts.Schema[columns.Output], forecasts.Schema[columns.LowerBound],
            forecasts.Schema[columns.UpperBound]];
        using DataViewRowCursor cursor = forecasts.GetRowCursor(made);
        ValueGetter<VBuffer<float>>[] getters = [.. made.Select(column => cursor.GetGetter<VBuffer<float>>(column))];
        var values = new VBuffer<float>[made.Length];
        while (cursor.MoveNext())
        {
            int row = (int)cursor.Position;
            (int series, int origin) = table.Places[row];
            if (!isOrigin(row) || origin + horizon >= table.Series[series].Count)
                continue;
            for (int i = 0; i < made.Length; i++)
                getters[i](ref values[i]);
            for (int target = 0; target < columns.Targets.Length; target++)
            {
                int at = target;
                (float, float, float) Forecast(int h)
                {
                    int label = (h - 1) * columns.Targets.Length + at;
                    return (values[0].GetItemOrDefault(label), values[1].GetItemOrDefault(label),
                        values[2].GetItemOrDefault(label));
                }
                Measure((table.Names[series], target), table.Series[series], origin, baselines[series, target], Forecast);
                Show(table, series, origin, target, timeOf, Forecast);
            }
        }
    }

    private void Measure((string Name, int Target) series, SeriesSteps steps, int origin, Baselines baselines,
        Func<int, (float Point, float, float)> model)
    {
        for (int h = 1; h <= horizon; h++)
        {
            float actual = steps[origin + h][series.Target];
            (float Point, float, float) seasonal = baselines.Seasonal.Forecast(origin, h),
                last = baselines.Last.Forecast(origin, h);
            bool hasSeason = !float.IsNaN(seasonal.Point);
            // A model that has a forecast has a value in its window: there is a last one.
            (float Point, float, float)[] forecasts = [model(h), last, hasSeason ? seasonal : last];
            // All methods are measured on the values that the model forecasts.
            if (float.IsNaN(actual) || float.IsNaN(forecasts[0].Point))
                continue;
            var place = (series.Name, series.Target, h);
            _sums.Add(place, actual, forecasts, hasSeason, baselines.Change, unit: 1);
            if (baselines.Deviation > 0)
                _standardized.Add(place, actual, forecasts, hasSeason, baselines.Change, baselines.Deviation);
        }
    }

    private void Show(SeriesTable table, int series, int origin, int target, Func<int, int, string>? timeOf,
        Func<int, (float, float, float)> forecast)
    {
        string name = table.Names[series];
        if (!_shown.TryGetValue((name, target), out ShownSeries? shown))
        {
            if (_shown.Count == MostShown)
                return;
            _shown.Add((name, target), shown = new ShownSeries(name, columns.Targets[target]));
        }
        shown.Add(ValuesOf(table.Series[series], target), timeOf is null ? null : step => timeOf(series, step), origin, horizon,
            forecast);
    }

    /// <summary>For each series, how many of its steps are training rows.</summary>
    private static int[] CountTraining(SeriesTable table, FoldRows fold, int[] rows)
    {
        int[] counts = new int[table.Series.Length];
        for (int row = 0; row < rows.Length; row++)
            if (fold.IsTraining(rows[row]))
                counts[table.Places[row].Series]++;
        return counts;
    }

    private static float[] ValuesOf(SeriesSteps steps, int target) =>
        [.. Enumerable.Range(0, steps.Count).Select(step => steps[step][target])];

    private InvalidOperationException NothingMeasured(int tested) => new(
        $"No forecast could be measured: the last {Counted.Of(tested, "step")} are forecast, and " +
        (tested < horizon
            ? Invariant($"horizon is {horizon}, so that no value comes true. Use a larger testFraction, a smaller horizon, or ") +
            "more rows."
            : "at none of them did a model have a whole window, all values that must be known ahead, and a later value to " +
            "compare with. Look for missing " +
              "values there, or use a larger testFraction."));

    /// <summary>The baselines of one target of one series.</summary>
    /// <param name="Last">As now.</param>
    /// <param name="Seasonal">As a season ago.</param>
    /// <param name="Change">What MASE counts in.</param>
    /// <param name="Deviation">What standardised errors count in.</param>
    private sealed record Baselines(Baseline Last, Baseline Seasonal, double Change, double Deviation)
    {
        public static Baselines Of(float[] values, int training, int season, int horizon, float level, ValueLimits limits) => new(
            new Baseline(values, training, 1, horizon, level, limits),
            new Baseline(values, training, season, horizon, level, limits),
            Baseline.MeanChange(values, training), Baseline.Deviation(values, training));
    }
}
