namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>The figures of one experiment, as means over seeds, and over the models of a name.</summary>
internal sealed class ForecastMeans(IReadOnlyList<(string Name, ForecastBackTest Test)> tests)
{
    public IEnumerable<string> Names => tests.Select(test => test.Name).Distinct();

    public int Horizon => tests[0].Test.Metrics.Max(row => row.Horizon);

    /// <summary>Of the first name's model, over all steps ahead.</summary>
    public double Coverage =>
        Enumerable.Range(1, Horizon).Average(h => Of(tests[0].Name, ForecastMethod.Model, h).IntervalCoverage);

    /// <summary>Whether the first name's model has the smallest RMSE at every step ahead.</summary>
    public bool BeatsBaselines => Enumerable.Range(1, Horizon).All(h => Enum.GetValues<ForecastMethod>().Skip(1).All(baseline =>
        Of(tests[0].Name, ForecastMethod.Model, h).RootMeanSquaredError < Of(tests[0].Name, baseline, h).RootMeanSquaredError));

    /// <summary>
    /// Mean squared and mean absolute error, and the share within the bounds, over all targets and steps ahead.
    /// </summary>
    public (double Squared, double Absolute, double Coverage) Overall(string name, ForecastMethod method)
    {
        ForecastMetrics[] rows = [.. tests.Where(test => test.Name == name).SelectMany(test => test.Test.Metrics)
            .Where(row => row.Method == method)];
        return (rows.Average(row => row.RootMeanSquaredError * row.RootMeanSquaredError),
            rows.Average(row => row.MeanAbsoluteError), rows.Average(row => row.IntervalCoverage));
    }

    public ForecastMetrics Of(string name, ForecastMethod method, int horizon)
    {
        ForecastMetrics[] rows = [.. tests.Where(test => test.Name == name).Select(test => test.Test.Of(method, horizon))];
        return rows[0] with
        {
            MeanAbsoluteError = rows.Average(row => row.MeanAbsoluteError),
            MeanSquaredError = rows.Average(row => row.MeanSquaredError),
            RootMeanSquaredError = rows.Average(row => row.RootMeanSquaredError),
            SymmetricMeanAbsolutePercentageError = rows.Average(row => row.SymmetricMeanAbsolutePercentageError),
            MeanAbsoluteScaledError = rows.Average(row => row.MeanAbsoluteScaledError),
            PinballLoss = rows.Average(row => row.PinballLoss),
            IntervalCoverage = rows.Average(row => row.IntervalCoverage),
            IntervalWidth = rows.Average(row => row.IntervalWidth),
        };
    }
}
