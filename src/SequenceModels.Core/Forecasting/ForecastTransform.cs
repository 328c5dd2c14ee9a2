namespace SequenceModels;

/// <summary>What is done to the target's values before they are scaled; undone on the forecasts.</summary>
public enum ForecastTransform
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// The natural logarithm, for values above 0 that change by a share of themselves. A forecast by squared error is then the
    /// geometric mean; medians and bounds are what they are without it.
    /// </summary>
    Log,

    /// <summary>
    /// The change from one step to the next, for series with a trend. A window of n steps then needs the step before it as well,
    /// and forecasts are made as changes from the last value.
    /// </summary>
    Difference,

    /// <summary>The change of the logarithm: growth by a share, as of prices and passengers.</summary>
    LogDifference,

    /// <summary>
    /// The change from one season to the next, for series whose seasons are alike. A window of n steps then needs the season
    /// before it as well, and forecasts are made as changes from the value a season ago.
    /// </summary>
    /// <remarks>Box and Jenkins, "Time Series Analysis: Forecasting and Control", 1970, section 9.1.</remarks>
    SeasonalDifference,

    /// <summary>The change of the logarithm from one season to the next.</summary>
    LogSeasonalDifference,
}
