namespace SequenceModels;

/// <summary>Whose forecasts were measured.</summary>
public enum ForecastMethod
{
    /// <summary>The trained network's.</summary>
    Model,

    /// <summary>Every value stays what it was last.</summary>
    LastValue,

    /// <summary>
    /// Every value is what it was a season ago; the last one where its series has no such value yet. Left out where none has: its
    /// figures are NaN and its count is 0.
    /// </summary>
    SeasonalLastValue,
}

/// <summary>
/// How well one method forecasts: one target a number of steps ahead, or all of them together. All methods are measured on the
/// same values: those that the model forecasts.
/// </summary>
/// <remarks>
/// Hyndman and Koehler, "Another look at measures of forecast accuracy", International Journal of Forecasting 22, 2006. y: what
/// came true, f: what was forecast.
/// </remarks>
public sealed record ForecastMetrics
{
    /// <summary>Whose forecasts.</summary>
    public required ForecastMethod Method { get; init; }

    /// <summary>The column that was forecast; null: all of them.</summary>
    public required string? TargetColumnName { get; init; }

    /// <summary>The series that was forecast, "" where it has no name; null: all of them.</summary>
    public required string? SeriesName { get; init; }

    /// <summary>Steps ahead, from 1; 0: all of them.</summary>
    public required int Horizon { get; init; }

    /// <summary>Values that were forecast and came true; 0: the method is left out.</summary>
    public required long Count { get; init; }

    /// <summary>Mean of |y - f|, in the target's unit.</summary>
    public required double MeanAbsoluteError { get; init; }

    /// <summary>Mean of (y - f)², in the square of the target's unit.</summary>
    public required double MeanSquaredError { get; init; }

    /// <summary>Root of the mean of (y - f)², in the target's unit.</summary>
    public required double RootMeanSquaredError { get; init; }

    /// <summary>Mean of 200 |y - f| / (|y| + |f|), in per cent, 0 to 200; where both are 0, 0.</summary>
    public required double SymmetricMeanAbsolutePercentageError { get; init; }

    /// <summary>
    /// MASE: mean of |y - f|, each divided by the mean absolute change from one step to the next of its series' training values.
    /// Below 1: better than the last value was one step ahead in training.
    /// </summary>
    public required double MeanAbsoluteScaledError { get; init; }

    /// <summary>
    /// Mean pinball loss of lower bound, forecast (as the median) and upper bound, in the target's unit: small where the bounds
    /// are near and rarely passed.
    /// </summary>
    public required double PinballLoss { get; init; }

    /// <summary>Share of values within the bounds. A baseline's bounds are made of its own errors in the training rows.</summary>
    public required double IntervalCoverage { get; init; }

    /// <summary>Mean distance between the bounds, in the target's unit.</summary>
    public required double IntervalWidth { get; init; }

    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => InvariantText.OfRecord(nameof(ForecastMetrics), PrintMembers);
}
