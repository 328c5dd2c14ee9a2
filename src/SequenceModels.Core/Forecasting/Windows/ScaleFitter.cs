namespace SequenceModels.Forecasting;

/// <summary>What is learned about the numbers of the steps before a network is.</summary>
internal static class ScaleFitter
{
    /// <summary>Whether a target is missing before the last observation of its series.</summary>
    public static bool HasGaps(SeriesSteps[] series, ForecastSpec spec)
    {
        foreach (SeriesSteps steps in series)
            for (int t = 0, observed = steps.CountObserved(spec.Targets); t < observed; t++)
                foreach (float value in steps[t][..spec.Targets])
                    if (float.IsNaN(value))
                        return true;
        return false;
    }

    /// <summary>Mean and deviation of each target after its transform, and of each covariate.</summary>
    /// <param name="series">The training rows.</param>
    /// <param name="spec">What the numbers are.</param>
    /// <param name="learned">For each series, how many of its steps are looked at.</param>
    public static StandardScale[] Fit(SeriesSteps[] series, ForecastSpec spec, IReadOnlyList<int> learned) =>
        [.. Enumerable.Range(0, spec.StepSize).Select(number => StandardScale.Of(Values(series, spec, learned, number)))];

    private static List<double> Values(SeriesSteps[] series, ForecastSpec spec, IReadOnlyList<int> learned, int number)
    {
        var values = new List<double>();
        bool isTarget = number < spec.Targets;
        int lag = isTarget ? spec.Lag : 0;
        for (int s = 0; s < series.Length; s++)
            for (int t = lag; t < learned[s]; t++)
            {
                double Level(int step) => isTarget && spec.IsLog ? Math.Log(series[s][step][number]) : series[s][step][number];
                double known = lag > 0 ? Level(t) - Level(t - lag) : Level(t);
                if (!double.IsNaN(known))
                    values.Add(known);
            }
        return values;
    }
}
