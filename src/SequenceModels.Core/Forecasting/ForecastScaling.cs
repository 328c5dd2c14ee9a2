namespace SequenceModels;

/// <summary>How the target's values are brought to one scale before the network sees them; forecasts are brought back.</summary>
public enum ForecastScaling
{
    /// <summary>
    /// Each window by its own mean and standard deviation: series of any level and size share one network, and a level that was
    /// never seen in training is no stranger. A window whose values are all equal is only centred.
    /// </summary>
    Standard,

    /// <summary>
    /// Each window is divided by the mean of its absolute values. For amounts that are often 0, whose standard deviation says
    /// little.
    /// </summary>
    /// <remarks>Salinas et al., "DeepAR: Probabilistic forecasting with autoregressive recurrent networks", International Journal
    /// of Forecasting 36, 2020, section 3.3.</remarks>
    Mean,

    /// <summary>
    /// All windows alike, by mean and standard deviation of the training rows: the level itself is information.
    /// </summary>
    None,
}
