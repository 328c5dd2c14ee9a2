using Microsoft.ML;
using SequenceModels.Forecasting;
using SequenceModels.Interop;
using SequenceModels.Trainers;

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
        if (testFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), InvariantText.Of(testFraction),
                "testFraction must be above 0 and below 1.");
        ForecastTrainer forecast = TrainerOf(estimator);
        if (forecast.CheckpointPath is { } path)
            throw new ArgumentException(
                $"{nameof(ForecastOptions)}.{nameof(ForecastOptions.CheckpointPath)} is '{path}', but the folds of a back test " +
                "would share it, one training after another, so that a back test which was stopped could not go on from it. " +
                "Leave it out.", nameof(estimator));
        return Run(estimator, forecast, data, seasonLength,
            ranks => RollingOrigin.Cut(ranks, folds, testFraction, forecast.Horizon));
    }

    /// <summary>
    /// Measures a forecast on a split that is given, such as a published one: a model is trained on the rows before it, and
    /// forecasts from each step behind it.
    /// </summary>
    /// <param name="estimator">What ForecastByRnn, ForecastByLstm or ForecastByGru gives, or a chain that ends with it.</param>
    /// <param name="data">
    /// A row a step. It must have the columns of times and series that the options name, if they do: rows are cut by them before
    /// any transform.
    /// </param>
    /// <param name="split">
    /// Which rows are learned from and which are forecast. Where it has rows for validation, the trainer is given them, as
    /// <see cref="SequencesCatalog.Fit"/> does.
    /// </param>
    /// <param name="seasonLength">
    /// Steps in a season, for the second baseline; 1: none. Default 0: found by the autocorrelation of the longest series, in the
    /// rows that are learned from.
    /// </param>
    /// <returns>The figures for each target and number of steps ahead, beside those of two baselines.</returns>
    /// <exception cref="ArgumentException">
    /// There is no forecast at the end of the chain, a value is out of its range, or a column is missing.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows before or behind the cut, or it is a date and the times are not; or what Fit throws.
    /// </exception>
    public ForecastBackTest BackTest(IEstimator<ITransformer> estimator, IDataView data, ForecastSplit split,
        int seasonLength = 0)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(split);
        return Run(estimator, TrainerOf(estimator), data, seasonLength, ranks => [split.Cut(ranks)]);
    }

    /// <summary>Measures a forecast that was fitted before, on rows that it has not learned from.</summary>
    /// <param name="data">
    /// A row a step, as they were before the first transformer of <paramref name="model"/>: the rows that are forecast, and those
    /// before them, which windows begin with.
    /// </param>
    /// <param name="model">The fitted transformer, or a chain with it.</param>
    /// <param name="split">
    /// Which rows are forecast. Those that are learned from by it should be the ones that the model learned from: scaled errors
    /// are counted in their changes and deviations, and the bounds of the baselines are made of them. Null: all rows are
    /// forecast, and there are no such figures.
    /// </param>
    /// <param name="seasonLength">
    /// Steps in a season, for the second baseline; 1: none. Default 0: found by the autocorrelation of the longest series, in the
    /// rows that are learned from, or without a split in all.
    /// </param>
    /// <returns>The figures for each target and number of steps ahead, beside those of two baselines.</returns>
    /// <exception cref="ArgumentException">There is no forecast in the model, or a column is missing.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows before or behind the cut, or it is a date and the times are not; or no forecast could be measured.
    /// </exception>
    public ForecastBackTest Evaluate(IDataView data, ITransformer model, ForecastSplit? split = null, int seasonLength = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        (ForecastTransformer forecast, _) = ModelChain.FindLast<ForecastTransformer>(model, "forecast");
        RequireSeason(seasonLength);
        var ranks = new TimeRanks(data, forecast.Columns);
        FoldRows rows = split?.Cut(ranks) ?? new FoldRows(ranks.OfRows)
        {
            Train = 0, Test = 0, EndOfOrigins = ranks.Observed - 1, Seen = ranks.Observed,
        };
        var measurement = new ForecastMeasurement(forecast.Columns, forecast.Horizon, forecast.ConfidenceLevel,
            forecast.ForecastModel.Spec.Limits)
        {
            SeasonLength = seasonLength,
        };
        measurement.Add(model, data, ranks, rows);
        return measurement.Result(trainings: 0, rows.Tested);
    }

    private static ForecastBackTest Run(IEstimator<ITransformer> estimator, ForecastTrainer forecast, IDataView data,
        int seasonLength, Func<TimeRanks, FoldRows[]> cut)
    {
        RequireSeason(seasonLength);
        var ranks = new TimeRanks(data, forecast.Columns);
        var measurement = new ForecastMeasurement(forecast.Columns, forecast.Horizon, forecast.ConfidenceLevel, forecast.Limits)
        {
            SeasonLength = seasonLength,
        };
        return new BackTestRun(data, ranks, (train, validation) => validation is null ? estimator.Fit(train)
            : ValidatedFit.Fit(estimator, train, validation), measurement).Run(cut(ranks));
    }

    private static void RequireSeason(int seasonLength)
    {
        if (seasonLength < 0)
            throw new ArgumentOutOfRangeException(nameof(seasonLength), InvariantText.Of(seasonLength),
                "seasonLength must be at least 0.");
    }

    private static ForecastTrainer TrainerOf(IEstimator<ITransformer> estimator) =>
        EstimatorChains.LastOf(estimator) as ForecastTrainer ?? throw new ArgumentException(
            "BackTest takes what ForecastByRnn, ForecastByLstm or ForecastByGru gives, or a chain that ends with it.",
            nameof(estimator));
}
