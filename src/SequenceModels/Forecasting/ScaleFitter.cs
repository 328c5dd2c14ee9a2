namespace SequenceModels.Forecasting;

/// <summary>What is learned about the numbers of the steps before a network is.</summary>
internal static class ScaleFitter
{
    /// <summary>Whether a target is missing before the last observation of its series.</summary>
    public static bool HasGaps(SeriesTable table, ForecastSpec shape)
    {
        foreach (SeriesSteps steps in table.Series)
            for (int t = 0, observed = steps.CountObserved(shape.Targets); t < observed; t++)
                foreach (float value in steps[t][..shape.Targets])
                    if (float.IsNaN(value))
                        return true;
        return false;
    }

    /// <summary>Mean and deviation of each target after its transform, and of each covariate.</summary>
    /// <param name="table">The training rows.</param>
    /// <param name="shape">What the numbers are.</param>
    /// <param name="learned">For each series, how many of its steps are looked at.</param>
    public static StandardScale[] Fit(SeriesTable table, ForecastSpec shape, IReadOnlyList<int> learned) =>
        [.. Enumerable.Range(0, shape.StepSize).Select(number => StandardScale.Of(Values(table, shape, learned, number)))];

    private static List<double> Values(SeriesTable table, ForecastSpec shape, IReadOnlyList<int> learned, int number)
    {
        var values = new List<double>();
        bool isTarget = number < shape.Targets;
        for (int series = 0; series < table.Series.Length; series++)
        {
            double before = double.NaN;
            for (int t = 0; t < learned[series]; t++)
            {
                double value = table.Series[series][t][number], level = isTarget && shape.IsLog ? Math.Log(value) : value;
                double known = isTarget && shape.IsDifference ? level - before : level;
                if (!double.IsNaN(known))
                    values.Add(known);
                before = level;
            }
        }
        return values;
    }
}
