namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>
/// The figures of LightGbm on the last values, with the options that are best on the last tenth of what is learned from.
/// </summary>
/// <param name="Set">Data and cut.</param>
/// <param name="Chosen">What is read, and the options.</param>
/// <param name="Metrics">Of each target and number of steps ahead, from 1.</param>
internal sealed record LagBaseline(LagSet Set, LagRegression Chosen, ForecastMetrics[][] Metrics)
{
    /// <summary>What the rows of the page are called.</summary>
    public string Name => $"{Set.Name}, {NameOf(Chosen.Features)}";

    /// <summary>What is forecast, and how far, in the words of an experiment with several columns.</summary>
    public string Forecasts => TransformerForecasts.NameOf(Set.Targets, Set.Horizon);

    /// <summary>Mean squared error over all targets and steps ahead, in deviations of the values learned from.</summary>
    public double StandardizedSquaredError => Mean(row => row.RootMeanSquaredError, 2);

    /// <summary>Mean absolute error over all targets and steps ahead, in deviations of the values learned from.</summary>
    public double StandardizedAbsoluteError => Mean(row => row.MeanAbsoluteError, 1);

    /// <summary>
    /// The baselines of a data set of the page; none where there is no such baseline. Of one target a baseline for each kind of
    /// features; of several, where there are many regressions to train, only the best kind.
    /// </summary>
    public static IEnumerable<LagBaseline> Of(string name, string folder)
    {
        foreach (LagSet set in LagSets.Of(name, folder))
        {
            // Where a window is as long as a season, the value of a season ago is in it.
            LagFeatures[] kinds = set.WindowSize >= set.SeasonLength ? [LagFeatures.Levels, LagFeatures.Differences]
                : Enum.GetValues<LagFeatures>();
            foreach (LagRegression chosen in set.Targets > 1 ? [Choose(set, kinds)] : kinds.Select(kind => Choose(set, kind)))
                foreach (LagBaseline baseline in Run(set, chosen))
                    yield return baseline;
        }
    }

    /// <summary>A line of the page with the options that were chosen; empty without baselines.</summary>
    public static string Describe(IReadOnlyList<LagBaseline> baselines) => baselines.Count == 0 ? ""
        : "\n" + string.Join("; ", baselines.Select(baseline => $"{baseline.Name}: {baseline.Chosen.Words}").Distinct()) + ".\n";

    private static IEnumerable<LagBaseline> Run(LagSet set, LagRegression setting)
    {
        int[] horizons = set.ShorterHorizon == 0 ? [set.Horizon] : [set.ShorterHorizon, set.Horizon];
        ForecastMetrics[][] all = [.. Enumerable.Range(0, set.Targets * set.Horizon).AsParallel().AsOrdered()
            .Select(i => setting.Measure(set, i / set.Horizon, 1 + i % set.Horizon, horizons))];
        ForecastMetrics[][][] metrics = [.. all.Chunk(set.Horizon)];
        return horizons.Select((horizon, i) => new LagBaseline(set with { Horizon = horizon }, setting,
            [.. metrics.Select(target => target.Take(horizon).Select(measured => measured[i]).ToArray())]));
    }

    /// <summary>One step ahead and the whole horizon ahead, settings are compared.</summary>
    private static LagRegression Choose(LagSet set, params LagFeatures[] kinds)
    {
        LagSet development = set.Development;
        double Error(LagRegression setting) => (from target in Enumerable.Range(0, set.Targets).AsParallel().AsOrdered()
                                                from ahead in new[] { 1, set.Horizon }.Distinct()
                                                select setting.Measure(development, target, ahead, set.Horizon)[0]
                                                    .RootMeanSquaredError / set.Deviation(target)).Average();
        return kinds.SelectMany(LagRegression.Of).MinBy(Error)!;
    }

    private double Mean(Func<ForecastMetrics, double> error, int power) => Metrics.Select((rows, target) =>
        rows.Average(row => Math.Pow(error(row) / Set.Deviation(target), power))).Average();

    private static string NameOf(LagFeatures features) => features switch
    {
        LagFeatures.Levels => "levels",
        LagFeatures.Differences => "differences",
        _ => "differences and season",
    };
}
