using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>
/// ETTh2: the loads and the oil temperature of an electricity transformer, by the hour; all seven columns, and the temperature
/// alone.
/// </summary>
internal static class TransformerForecasts
{
    private const string Recipe =
        "hourly; the first 12 months to learn from, 4 to stop by, 4 to forecast, values standardised by the first 12; " +
        "horizons 24 and 48, LSTM 32 with a linear path, change from the last value, batch 32, rate 1e-3, at most " +
        "10 epochs, averaged weights (0.999)";

    private const string Mark =
        "mean squared and mean absolute error below those of the last value, of the value a day ago, and of LightGbm on lags";

    private static readonly int[] s_horizons = [24, 48];

    private static readonly string[] s_columns = [.. EttRow.Columns];

    public static ForecastExperiment Columns { get; } = new("etth2", Recipe + "; the seven columns each from its own past by one network, " +
        "window 96", Mark, (ml, folder) => Run(ml, folder, s_columns, 96, options => options), Holds)
    {
        IsSummed = true,
    };

    public static ForecastExperiment OilTemperature { get; } = new("etth2-ot", Recipe + "; the temperature (OT) alone with the hour of " +
        "the day (CalendarFeatures), one scale for all windows, window 168, dropout 0.1, AdamW with weight decay 0.3", Mark,
        (ml, folder) => Run(ml, folder, s_columns[^1..], 168, options => options with
        {
            CalendarFeatures = CalendarFeatures.HourOfDay, Scaling = ForecastScaling.None, Dropout = 0.1f,
            Optimizer = SequenceOptimizer.AdamW(weightDecay: 0.3f),
        }), Holds)
    {
        IsSummed = true, Notes = ForecastNotes.OilTemperature,
    };

    /// <summary>What is forecast, and how far.</summary>
    public static string NameOf(int targets, int horizon) => $"{(targets > 1 ? "7 columns" : "OT")}, {horizon} ahead";

    private static bool Holds(ForecastMeans means, IReadOnlyList<LagBaseline> lags) =>
        means.Names.All(name => IsBelow(means, name, ForecastMethod.LastValue) &&
            IsBelow(means, name, ForecastMethod.SeasonalLastValue)) && lags.All(baseline => IsBelow(means, baseline));

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

    private static (string, ForecastBackTest)[] Run(MLContext ml, string folder, string[] targets, int windowSize,
        Func<ForecastOptions, ForecastOptions> change)
    {
        IDataView data = ml.Data.LoadFromEnumerable(EttRow.Standardised(EttRow.Load(folder)));
        ForecastOptions options = change(new()
        {
            ForecastFrom = ForecastFrom.LastValue, Loss = ForecastLoss.SquaredError, ConfidenceLevel = 0.9f,
            TimeColumnName = nameof(EttRow.Date), AverageWeights = 0.999f,
            ValidationFraction = (double)(EttRow.Test - EttRow.Validation) / EttRow.Test, EarlyStoppingPatience = 3,
        });
        return [.. s_horizons.Select(horizon => (NameOf(targets.Length, horizon), ml.Sequences().Forecasting.BackTest(
            ml.Forecasting.ForecastByLstm("Forecast", targets, windowSize, horizon, options), data, folds: 1,
            testFraction: (double)(EttRow.End - EttRow.Test) / EttRow.End, seasonLength: EttRow.Day)))];
    }
}
