namespace SequenceModels.Forecasting;

/// <summary>Sums over the values that one method forecast a number of steps ahead.</summary>
/// <param name="confidenceLevel">Of the bounds.</param>
internal sealed class MetricAccumulator(double confidenceLevel)
{
    private long _count, _scaledCount, _boundCount, _within;
    private double _absolute, _squares, _symmetric, _scaled, _pinball, _width;

    /// <param name="actual">What came true.</param>
    /// <param name="forecast">What was forecast, with its bounds.</param>
    /// <param name="change">The mean absolute change of the series in training; 0 or NaN: it has none to be scaled by.</param>
    /// <param name="unit">What errors are counted in: 1, or the deviation of the series in training.</param>
    public void Add(float actual, (float Point, float Lower, float Upper) forecast, double change, double unit = 1)
    {
        double error = (double)actual - forecast.Point, sum = Math.Abs((double)actual) + Math.Abs((double)forecast.Point);
        _count++;
        _absolute += Math.Abs(error) / unit;
        _squares += error / unit * (error / unit);
        _symmetric += sum == 0 ? 0 : 200 * Math.Abs(error) / sum;
        if (change > 0)
            (_scaled, _scaledCount) = (_scaled + Math.Abs(error) / change, _scaledCount + 1);
        if (float.IsNaN(forecast.Lower) || float.IsNaN(forecast.Upper))
            return;
        _boundCount++;
        _within += actual >= forecast.Lower && actual <= forecast.Upper ? 1 : 0;
        _width += ((double)forecast.Upper - forecast.Lower) / unit;
        double below = (1 - confidenceLevel) / 2;
        _pinball += (Pinball(actual - (double)forecast.Lower, below) + Pinball(error, 0.5) +
            Pinball(actual - (double)forecast.Upper, 1 - below)) / 3 / unit;
    }

    /// <summary>Adds what another one summed up.</summary>
    public void Add(MetricAccumulator other)
    {
        (_count, _scaledCount) = (_count + other._count, _scaledCount + other._scaledCount);
        (_boundCount, _within) = (_boundCount + other._boundCount, _within + other._within);
        (_absolute, _squares) = (_absolute + other._absolute, _squares + other._squares);
        (_symmetric, _scaled) = (_symmetric + other._symmetric, _scaled + other._scaled);
        (_pinball, _width) = (_pinball + other._pinball, _width + other._width);
    }

    public ForecastMetrics Metrics(ForecastMethod method, string? target, int horizon, string? series = null) => new()
    {
        Method = method,
        TargetColumnName = target,
        SeriesName = series,
        Horizon = horizon,
        Count = _count,
        MeanAbsoluteError = _absolute / _count,
        MeanSquaredError = _squares / _count,
        RootMeanSquaredError = Math.Sqrt(_squares / _count),
        SymmetricMeanAbsolutePercentageError = _symmetric / _count,
        MeanAbsoluteScaledError = _scaled / _scaledCount,
        PinballLoss = _pinball / _boundCount,
        IntervalCoverage = (double)_within / _boundCount,
        IntervalWidth = _width / _boundCount,
    };

    private static double Pinball(double error, double quantile) => Math.Max(quantile * error, (quantile - 1) * error);
}
