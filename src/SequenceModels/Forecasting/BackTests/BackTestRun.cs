using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Reports;

namespace SequenceModels.Forecasting;

/// <summary>Trains a model for each fold, forecasts what follows, and adds up how far it was from what came true.</summary>
internal sealed class BackTestRun(IEstimator<ITransformer> estimator, IDataView data, ForecastColumns columns, int horizon,
    double confidenceLevel,
    ValueLimits limits)
{
    private static readonly ForecastMethod[] Methods = Enum.GetValues<ForecastMethod>();

    /// <summary>Series that a report shows at most.</summary>
    private const int MostShown = 8;

    private readonly MetricAccumulator[] _sums = [.. Enumerable.Range(0,
        Methods.Length * columns.Targets.Length * horizon).Select(_ => new MetricAccumulator(confidenceLevel))];
    /// <summary>[D, H] how many seasonal values there were to be repeated; 0: that method is left out.</summary>
    private readonly int[,] _seasonal = new int[columns.Targets.Length, horizon];
    private readonly Dictionary<(string Series, int Target), ShownSeries> _shown = [];

    /// <summary>The season that was given or found.</summary>
    public int SeasonLength { get; private set; }

    public ForecastBackTest Run(RollingOrigin origins, int folds, int seasonLength)
    {
        SeasonLength = seasonLength;
        for (int fold = 0; fold < folds; fold++)
            RunFold(origins, fold, folds);
        ForecastMetrics[] metrics = [.. from target in Enumerable.Range(0, columns.Targets.Length)
                                        from h in Enumerable.Range(1, horizon)
                                        from method in Methods
                                        let isLeftOut = method == ForecastMethod.SeasonalLastValue &&
                                            _seasonal[target, h - 1] == 0
                                        let sums = isLeftOut ? new MetricAccumulator(confidenceLevel) : SumsOf(method, target, h)
                                        select sums.Metrics(method, columns.Targets[target], h)];
        if (metrics.All(row => row.Count == 0))
            throw NothingMeasured(origins);
        return new ForecastBackTest(metrics, folds, SeasonLength, confidenceLevel,
            [.. _shown.Values.Select(series => series.ToPage())]);
    }

    private MetricAccumulator SumsOf(ForecastMethod method, int target, int h) =>
        _sums[((int)method * columns.Targets.Length + target) * horizon + h - 1];

    private InvalidOperationException NothingMeasured(RollingOrigin origins) => new(
        $"No forecast could be measured: the last {Counted.Of(origins.Tested, "step")} are forecast, and " +
        (origins.Tested < horizon
            ? Invariant($"horizon is {horizon}, so that no value comes true. Use a larger testFraction, a smaller horizon, or ") +
            "more rows."
            : "at none of them did a model have a whole window, all values that must be known ahead, and a later value to " +
            "compare with. Look for missing " +
              "values there, or use a larger testFraction."));

    /// <summary>
    /// A fold is told by its number where it cannot be learned: it has fewer rows than the whole, and maybe no value of some
    /// column.
    /// </summary>
    private ITransformer Fit(RollingOrigin origins, int fold, int folds)
    {
        try
        {
            return estimator.Fit(new RowSubset(data, origins.Training(fold)));
        }
        catch (InvalidOperationException e)
        {
            string mend = e is not NothingToLearnException ? "" : origins.Tested == folds
                ? " Fewer folds leave more to learn from."
                : " A smaller testFraction leaves more to learn from.";
            throw new InvalidOperationException(Invariant($"Fold {fold + 1} of {folds}, whose model learns from the first ") +
                Invariant($"{Counted.Of(origins.Trained(fold), "step")} of {origins.Observed}: {e.Message}{mend}"), e);
        }
    }

    private void RunFold(RollingOrigin origins, int fold, int folds)
    {
        ITransformer model = Fit(origins, fold, folds);
        bool[] seen = origins.Seen(fold, horizon);
        int[] rows = [.. Enumerable.Range(0, seen.Length).Where(row => seen[row])];
        IDataView forecasts = model.Transform(new RowSubset(data, seen));
        var table = SeriesTable.Read(forecasts, columns with { Past = [], Future = [], Static = [] }, needPositive: false);
        int[] training = CountTraining(table, origins, fold, rows);
        if (SeasonLength == 0)
            SeasonLength = SeasonDetector.Of(ValuesOf(table.Series.MaxBy(series => series.Count)!, 0)[..training.Max()]);
        var baselines = new Baselines[table.Series.Length, columns.Targets.Length];
        for (int series = 0; series < table.Series.Length; series++)
            for (int target = 0; target < columns.Targets.Length; target++)
                baselines[series, target] =
                    Baselines.Of(ValuesOf(table.Series[series], target), training[series], SeasonLength, horizon,
                    (float)confidenceLevel, limits);
        Measure(forecasts, table, row => origins.IsOrigin(fold, rows[row]), baselines);
    }

    private void Measure(IDataView forecasts, SeriesTable table, Func<int, bool> isOrigin, Baselines[,] baselines)
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
            (float, float, float) Forecast(int target, int h)
            {
                int label = (h - 1) * columns.Targets.Length + target;
                return (values[0].GetItemOrDefault(label), values[1].GetItemOrDefault(label), values[2].GetItemOrDefault(label));
            }
            for (int target = 0; target < columns.Targets.Length; target++)
                Measure(table, series, origin, target, baselines[series, target], Forecast);
        }
    }

    private void Measure(SeriesTable table, int series, int origin, int target, Baselines baselines,
        Func<int, int, (float Point, float, float)> model)
    {
        for (int h = 1; h <= horizon; h++)
        {
            float actual = table.Series[series][origin + h][target];
            (float Point, float, float) seasonal = baselines.Seasonal.Forecast(origin, h),
                last = baselines.Last.Forecast(origin, h);
            // A model that has a forecast has a value in its window: there is a last one.
            (float Point, float, float)[] forecasts = [model(target, h), last, float.IsNaN(seasonal.Point) ? last : seasonal];
            // All methods are measured on the values that the model forecasts.
            if (float.IsNaN(actual) || float.IsNaN(forecasts[0].Point))
                continue;
            _seasonal[target, h - 1] += float.IsNaN(seasonal.Point) ? 0 : 1;
            foreach (ForecastMethod method in Methods)
                SumsOf(method, target, h).Add(actual, forecasts[(int)method], baselines.Change);
        }
        string name = table.Names[series];
        if (!_shown.TryGetValue((name, target), out ShownSeries? shown))
        {
            if (_shown.Count == MostShown)
                return;
            _shown.Add((name, target), shown = new ShownSeries(name, columns.Targets[target]));
        }
        shown.Add(ValuesOf(table.Series[series], target), origin, horizon, h => model(target, h));
    }

    /// <summary>For each series, how many of its steps are training rows.</summary>
    private static int[] CountTraining(SeriesTable table, RollingOrigin origins, int fold, int[] rows)
    {
        int[] counts = new int[table.Series.Length];
        for (int row = 0; row < rows.Length; row++)
            if (origins.IsTraining(fold, rows[row]))
                counts[table.Places[row].Series]++;
        return counts;
    }

    private static float[] ValuesOf(SeriesSteps steps, int target) =>
        [.. Enumerable.Range(0, steps.Count).Select(step => steps[step][target])];

    /// <summary>The baselines of one target of one series.</summary>
    private sealed record Baselines(Baseline Last, Baseline Seasonal, double Change)
    {
        public static Baselines Of(float[] values, int training, int season, int horizon, float level, ValueLimits limits) => new(
            new Baseline(values, training, 1, horizon, level, limits),
            new Baseline(values, training, season, horizon, level, limits),
            Baseline.MeanChange(values, training));
    }

    /// <summary>What a report shows of one target of one series.</summary>
    private sealed class ShownSeries(string name, string target)
    {
        private readonly List<ForecastStretch> _stretches = [];
        private float[] _values = [];
        private int _next = -1, _first = -1;

        /// <summary>Keeps every forecast that begins where the one before it ended.</summary>
        public void Add(float[] values, int origin, int horizon, Func<int, (float Point, float Lower, float Upper)> forecast)
        {
            if (values.Length >= _values.Length)
                _values = values;
            if (origin < _next)
                return;
            (_next, _first) = (origin + horizon, _first < 0 ? origin : _first);
            _stretches.Add(new ForecastStretch((origin, values[origin]),
                [.. Enumerable.Range(1, horizon).Select(h => (Step: origin + h, Of: forecast(h)))
                .Select(at => ((double)at.Step, (double)at.Of.Point, (double)at.Of.Lower, (double)at.Of.Upper))]));
        }

        /// <summary>With half as much history before the first forecast as is forecast.</summary>
        public BackTestSeries ToPage()
        {
            int from = Math.Max(0, _first - Math.Max(20, (_values.Length - _first) / 2));
            return new BackTestSeries(name, target, [.. Enumerable.Range(from,
                _values.Length - from).Select(step => ((double)step, (double)_values[step]))], _stretches);
        }
    }
}
