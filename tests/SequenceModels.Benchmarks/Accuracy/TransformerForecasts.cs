using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>
/// ETTh2: the loads and the oil temperature of an electricity transformer, by the hour; all seven columns, and the temperature
/// alone.
/// </summary>
internal static class TransformerForecasts
{
    private static readonly int[] s_horizons = [24, 48];

    private static readonly string[] s_columns = [.. EttRow.Columns];

    public static ForecastExperiment Experiment { get; } = new("etth2",
        "hourly; the first 12 months to learn from, 4 to stop by, 4 to forecast, values standardised by the first 12; window " +
        "96, horizons 24 and 48, LSTM 32 with a linear path, change from the last value, batch 32, rate 1e-3, at most " +
        "10 epochs, averaged weights (0.999); the seven columns each from its own past by one network; the temperature (OT) alone " +
        "with the hour of the day (CalendarFeatures)",
        "mean squared and mean absolute error below those of the last value, of the value a day ago, and of LightGbm on lags", Run,
        (means, lags) => means.Names.All(name => IsBelow(means, name, ForecastMethod.LastValue) &&
            IsBelow(means, name, ForecastMethod.SeasonalLastValue)) && lags.All(baseline => IsBelow(means, baseline)))
    {
        IsSummed = true,
    };

    /// <summary>What an experiment of the set is called.</summary>
    public static string NameOf(int targets, int horizon) => $"{(targets > 1 ? "7 columns" : "OT")}, {horizon} ahead";

    private static bool IsBelow(ForecastMeans means, LagBaseline baseline)
    {
        (double squared, double absolute, _) = means.Overall(baseline.Forecasts, ForecastMethod.Model);
        return squared < baseline.StandardizedSquaredError && absolute < baseline.StandardizedAbsoluteError;
    }

    private static bool IsBelow(ForecastMeans means, string name, ForecastMethod baseline)
    {
        (double squared, double absolute, _) = means.Overall(name, ForecastMethod.Model);
        return squared < means.Overall(name, baseline).Squared && absolute < means.Overall(name, baseline).Absolute;
    }

    private static (string, ForecastBackTest)[] Run(MLContext ml, string folder)
    {
        IDataView data = ml.Data.LoadFromEnumerable(EttRow.Standardised(EttRow.Load(folder)));
        return [.. from horizon in s_horizons
                   from targets in new[] { s_columns, s_columns[^1..] }
                   select (NameOf(targets.Length, horizon), ml.Sequences().Forecasting.BackTest(
                       ml.Forecasting.ForecastByLstm("Forecast", targets, 96, horizon, new()
                       {
                           ForecastFrom = ForecastFrom.LastValue, Loss = ForecastLoss.SquaredError, ConfidenceLevel = 0.9f,
                           TimeColumnName = nameof(EttRow.Date),
                           CalendarFeatures = targets.Length > 1 ? CalendarFeatures.None : CalendarFeatures.HourOfDay,
                           AverageWeights = 0.999f, ValidationFraction = (double)(EttRow.Test - EttRow.Validation) / EttRow.Test,
                           EarlyStoppingPatience = 3,
                       }), data, folds: 1, testFraction: (double)(EttRow.End - EttRow.Test) / EttRow.End, seasonLength: EttRow.Day))];
    }
}
