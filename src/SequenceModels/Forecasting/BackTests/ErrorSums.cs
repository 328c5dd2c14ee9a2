namespace SequenceModels.Forecasting;

/// <summary>Errors of all methods, by target and steps ahead, and by target and series.</summary>
/// <param name="targets">D columns.</param>
/// <param name="horizon">H.</param>
/// <param name="confidenceLevel">Of the bounds.</param>
internal sealed class ErrorSums(string[] targets, int horizon, double confidenceLevel)
{
    public static readonly ForecastMethod[] Methods = Enum.GetValues<ForecastMethod>();

    /// <summary>[methods, D, H].</summary>
    private readonly MetricAccumulator[] _bySteps = [.. Enumerable.Range(0, Methods.Length * targets.Length * horizon)
        .Select(_ => new MetricAccumulator(confidenceLevel))];
    /// <summary>By series: [methods, D].</summary>
    private readonly Dictionary<string, MetricAccumulator[]> _bySeries = [];
    /// <summary>[D, H] how many seasonal values there were to be repeated; 0: that method is left out.</summary>
    private readonly int[,] _seasonal = new int[targets.Length, horizon];

    public IReadOnlyList<string> Targets => targets;

    public int Horizon => horizon;

    /// <param name="place">Series, target and steps ahead.</param>
    /// <param name="actual">What came true.</param>
    /// <param name="forecasts">Of each method.</param>
    /// <param name="hasSeason">Whether the seasonal one is a value of a season ago.</param>
    /// <param name="change">What MASE counts in.</param>
    /// <param name="unit">What errors are counted in: 1, or the deviation of the training values.</param>
    public void Add((string Series, int Target, int Ahead) place, float actual, (float, float, float)[] forecasts, bool hasSeason,
        double change, double unit)
    {
        if (!_bySeries.TryGetValue(place.Series, out MetricAccumulator[]? series))
            _bySeries.Add(place.Series, series = [.. Enumerable.Range(0, Methods.Length * targets.Length)
                .Select(_ => new MetricAccumulator(confidenceLevel))]);
        _seasonal[place.Target, place.Ahead - 1] += hasSeason ? 1 : 0;
        for (int method = 0; method < Methods.Length; method++)
        {
            _bySteps[Index(method, place.Target, place.Ahead)].Add(actual, forecasts[method], change, unit);
            series[method * targets.Length + place.Target].Add(actual, forecasts[method], change, unit);
        }
    }

    /// <summary>The figures of each target, number of steps ahead and method.</summary>
    public IEnumerable<ForecastMetrics> BySteps() => from target in targets
                                                     from h in Enumerable.Range(1, horizon)
                                                     from method in Methods
                                                     select Of(method, h, target);

    /// <summary>The figures of each series, target and method, over all steps ahead.</summary>
    public IEnumerable<ForecastMetrics> BySeries() => from series in _bySeries
                                                      from target in Enumerable.Range(0, targets.Length)
                                                      from method in Enumerable.Range(0, Methods.Length)
                                                      let sums = IsSeasonal(method) && !AnySeason(target) ? New()
                                                          : series.Value[method * targets.Length + target]
                                                      select sums.Metrics(Methods[method], targets[target], 0, series.Key);

    /// <summary>The figures of one method.</summary>
    /// <param name="method">Which.</param>
    /// <param name="ahead">Steps ahead, or 0 for all.</param>
    /// <param name="target">The column, or null for all.</param>
    public ForecastMetrics Of(ForecastMethod method, int ahead, string? target)
    {
        MetricAccumulator sums = New();
        int[] columns = target is null ? [.. Enumerable.Range(0, targets.Length)] : [Array.IndexOf(targets, target)],
            steps = ahead == 0 ? [.. Enumerable.Range(1, horizon)] : [ahead];
        foreach (int d in columns)
            foreach (int h in steps)
                if (!IsSeasonal((int)method) || _seasonal[d, h - 1] > 0)
                    sums.Add(_bySteps[Index((int)method, d, h)]);
        return sums.Metrics(method, target, ahead, series: null);
    }

    private MetricAccumulator New() => new(confidenceLevel);

    private int Index(int method, int target, int ahead) => (method * targets.Length + target) * horizon + ahead - 1;

    private static bool IsSeasonal(int method) => Methods[method] == ForecastMethod.SeasonalLastValue;

    private bool AnySeason(int target) => Enumerable.Range(0, horizon).Any(h => _seasonal[target, h] > 0);
}
