namespace SequenceModels.Forecasting;

/// <summary>
/// The simplest forecast that a model must beat: the last value, or the last one of the same place in the season; with bounds
/// from its own errors in the training steps. Of one target of one series.
/// </summary>
/// <remarks>Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, sections 5.2 and 5.5.</remarks>
internal sealed class Baseline
{
    private readonly float[] _values;
    private readonly int _season;
    private readonly ValueLimits _limits;
    private readonly (float Lower, float Upper)[] _errors;

    /// <param name="values">All of the series; gaps are NaN.</param>
    /// <param name="training">How many of them the bounds are made from.</param>
    /// <param name="season">Steps back to the value that is repeated; 1: the last value.</param>
    /// <param name="horizon">H.</param>
    /// <param name="confidenceLevel">Share of errors between the bounds.</param>
    /// <param name="limits">Of the bounds, as the model's have them.</param>
    public Baseline(float[] values, int training, int season, int horizon, float confidenceLevel, ValueLimits limits)
    {
        (_values, _season, _limits) = (values, season, limits);
        _errors = [.. Enumerable.Range(1, horizon).Select(h => Errors(training, h, confidenceLevel))];
    }

    /// <summary>
    /// Forecast and bounds of the value <paramref name="h"/> steps after the origin; NaN where nothing is known.
    /// </summary>
    public (float Point, float Lower, float Upper) Forecast(int origin, int h)
    {
        float point = Point(origin, h);
        (float lower, float upper) = _errors[h - 1];
        return (point, _limits.Apply(point + lower), _limits.Apply(point + upper));
    }

    /// <summary>The mean absolute change from one training value to the next: what MASE counts in.</summary>
    /// <remarks>
    /// Hyndman and Koehler, "Another look at measures of forecast accuracy", International Journal of Forecasting 22, 2006.
    /// </remarks>
    public static double MeanChange(float[] values, int training)
    {
        double sum = 0;
        int count = 0;
        for (int t = 1; t < training; t++)
            if (!float.IsNaN(values[t]) && !float.IsNaN(values[t - 1]))
                (sum, count) = (sum + Math.Abs((double)values[t] - values[t - 1]), count + 1);
        return count == 0 ? double.NaN : sum / count;
    }

    /// <summary>
    /// Standard deviation of the training values that are known: what standardised errors count in. NaN without any.
    /// </summary>
    public static double Deviation(float[] values, int training)
    {
        double[] known = [.. values.Take(training).Where(value => !float.IsNaN(value)).Select(value => (double)value)];
        double mean = known.DefaultIfEmpty(double.NaN).Average();
        return Math.Sqrt(known.Select(value => (value - mean) * (value - mean)).DefaultIfEmpty(double.NaN).Average());
    }

    private float Point(int origin, int h)
    {
        // Whole seasons back, to the latest value that is known at the origin; in a gap, further back.
        for (int t = origin + h - _season * ((h + _season - 1) / _season); t >= 0; t -= _season)
            if (!float.IsNaN(_values[t]))
                return _values[t];
        return float.NaN;
    }

    private (float, float) Errors(int training, int h, float level)
    {
        var errors = new List<float>();
        for (int origin = 0; origin + h < training; origin++)
        {
            float error = _values[origin + h] - Point(origin, h);
            if (!float.IsNaN(error))
                errors.Add(error);
        }
        if (errors.Count == 0)
            return (float.NaN, float.NaN);
        errors.Sort();
        float At(double share) => errors[(int)Math.Round(share * (errors.Count - 1))];
        return (At((1 - level) / 2), At((1 + level) / 2));
    }
}
