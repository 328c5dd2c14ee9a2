using Microsoft.ML;
using SequenceModels.Forecasting;
using SequenceModels.Interop;

namespace SequenceModels;

/// <summary>
/// Evaluation of forecasts; had from <c>mlContext.Sequences().Forecasting</c>.
/// The estimators are in <c>mlContext.Forecasting</c>.
/// </summary>
public sealed class ForecastCatalog
{
    internal ForecastCatalog() { }

    /// <summary>
    /// Measures a forecast on values that its training did not see: the end of the data is cut into parts, one after the other;
    /// for each part a model is trained on all rows before it, and forecasts from each of its steps.
    /// </summary>
    /// <param name="estimator">What ForecastByRnn, ForecastByLstm or ForecastByGru gives, or a chain that ends with it.</param>
    /// <param name="data">
    /// A row a step. It must have the columns of times and series that the options name, if they do: rows are cut by them before
    /// any transform. With times, all series are cut at the same ones.
    /// </param>
    /// <param name="folds">How many parts, and how often a model is trained; at least 1. Default 5.</param>
    /// <param name="testFraction">Share of the steps in time that the parts make up; above 0 and below 1. Default 0.2.</param>
    /// <param name="seasonLength">
    /// Steps in a season, for the second baseline; 1: none. Default 0: found by the autocorrelation of the longest series,
    /// in the rows that the first fold learns from.
    /// </param>
    /// <returns>The figures for each target and number of steps ahead, beside those of two baselines.</returns>
    /// <exception cref="ArgumentException">
    /// There is no forecast at the end of the chain, a value is out of its range, or a column is missing.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are too few rows; or what Fit throws.</exception>
    /// <remarks>
    /// Tashman, "Out-of-sample tests of forecasting accuracy: an analysis and review", International Journal of Forecasting 16,
    /// 2000. Gaps are not measured. Only forecasts whose whole horizon lies in the data are.
    /// </remarks>
    public ForecastBackTest BackTest(IEstimator<ITransformer> estimator, IDataView data, int folds = 5, double testFraction = 0.2,
        int seasonLength = 0)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(data);
        if (folds < 1)
            throw new ArgumentOutOfRangeException(nameof(folds), InvariantText.Of(folds), "folds must be at least 1.");
        if (seasonLength < 0)
            throw new ArgumentOutOfRangeException(nameof(seasonLength), InvariantText.Of(seasonLength),
                "seasonLength must be at least 0.");
        if (testFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), InvariantText.Of(testFraction),
                "testFraction must be above 0 and below 1.");
        ForecastTrainer forecast = EstimatorChains.LastOf(estimator) as ForecastTrainer ?? throw new ArgumentException(
            "BackTest takes what ForecastByRnn, ForecastByLstm or ForecastByGru gives, or a chain that ends with it.",
            nameof(estimator));
        if (forecast.CheckpointPath is { } path)
            throw new ArgumentException(
                $"{nameof(ForecastOptions)}.{nameof(ForecastOptions.CheckpointPath)} is '{path}', but the folds of a back test " +
                "would share it, one training after another, so that a back test which was stopped could not go on from it. " +
                "Leave it out.", nameof(estimator));
        var run = new BackTestRun(estimator, data, forecast.Columns, forecast.Horizon, forecast.ConfidenceLevel, forecast.Limits);
        return run.Run(new RollingOrigin(data, forecast.Columns, folds, testFraction), folds, seasonLength);
    }
}
