namespace SequenceModels;

/// <summary>
/// What the forecast between the bounds is trained to be. The bounds are quantiles either way, by pinball loss.
/// </summary>
public enum ForecastLoss
{
    /// <summary>The median, by the same pinball loss as the bounds.</summary>
    /// <remarks>Koenker and Bassett, "Regression Quantiles", Econometrica 46, 1978; with recurrent networks and several horizons:
    /// Wen et al., "A Multi-Horizon Quantile Recurrent Forecaster", 2017, arXiv:1711.11053.</remarks>
    Quantile,

    /// <summary>The mean, by squared error: the smallest RMSE.</summary>
    SquaredError,

    /// <summary>
    /// The median, by absolute error, which counts twice what the pinball loss of <see cref="Quantile"/> does beside the bounds.
    /// </summary>
    AbsoluteError,
}
