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
}
