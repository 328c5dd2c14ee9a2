namespace SequenceModels.Forecasting;

/// <summary>Finds the season of a series: the distance at which it repeats itself best.</summary>
internal static class Season
{
    private const int Longest = 400;

    /// <summary>A correlation below this is no season.</summary>
    private const double Least = 0.3;

    /// <summary>
    /// The lag of the largest peak of the autocorrelation, once the trend is taken off and the correlation has come down to 0; 1 if there is
    /// none. A third of the values at most, and 400 steps.
    /// </summary>
    public static int Of(float[] values)
    {
        double[] rest = Detrended(values);
        int most = Math.Min(Longest, rest.Length / 3);
        double[] correlations = [.. Enumerable.Range(0, Math.Max(0, most + 2)).Select(lag => Correlation(rest, lag))];
        int first = Array.FindIndex(correlations, value => value <= 0), best = 1;
        for (int lag = Math.Max(2, first); first >= 0 && lag <= most; lag++)
            if (correlations[lag] >= Least && correlations[lag] > correlations[lag - 1] && correlations[lag] >= correlations[lag + 1] &&
                (best == 1 || correlations[lag] > correlations[best]))
                best = lag;
        return best;
    }

    /// <summary>What a straight line leaves; gaps are 0.</summary>
    private static double[] Detrended(float[] values)
    {
        int[] known = [.. Enumerable.Range(0, values.Length).Where(t => !float.IsNaN(values[t]))];
        if (known.Length < 6)
            return [];
        double time = known.Average(), mean = known.Average(t => (double)values[t]);
        double slope = known.Sum(t => (t - time) * (values[t] - mean)) / known.Sum(t => (t - time) * (t - time));
        return [.. values.Select((value, t) => float.IsNaN(value) ? 0 : value - mean - slope * (t - time))];
    }

    private static double Correlation(double[] values, int lag)
    {
        double sum = 0, squares = 0;
        for (int t = 0; t < values.Length; t++)
            squares += values[t] * values[t];
        for (int t = lag; t < values.Length; t++)
            sum += values[t] * values[t - lag];
        return squares == 0 ? 0 : sum / squares;
    }
}
