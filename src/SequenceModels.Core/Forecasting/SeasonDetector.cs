namespace SequenceModels.Forecasting;

/// <summary>Finds the season of a series: the distance at which it repeats itself best.</summary>
internal static class SeasonDetector
{
    private const int Longest = 400;

    /// <summary>A correlation below this is no season.</summary>
    private const double Least = 0.3;

    /// <summary>A peak of this share of the largest is as good: of a week and eight weeks, the week.</summary>
    private const double AsGood = 0.8;

    /// <summary>
    /// The lag of the first large peak of the autocorrelation, once the correlation has come down to 0: of the values without
    /// their trend, or a much shorter one of the changes from step to step, in which a week is seen although the year moves more.
    /// 1 if there is none. A third of the values at most, and 400 steps.
    /// </summary>
    public static int Of(float[] values)
    {
        int season = FirstPeak(Detrended(values)),
            ofChanges = FirstPeak(Detrended([.. values.Skip(1).Zip(values, (next, value) => next - value)]));
        return ofChanges > 1 && (season == 1 || 2 * season >= 3 * ofChanges) ? ofChanges : season;
    }

    private static int FirstPeak(double[] rest)
    {
        int most = Math.Min(Longest, rest.Length / 3);
        double[] correlations = [.. Enumerable.Range(0, Math.Max(0, most + 2)).Select(lag => Correlation(rest, lag))];
        int first = Array.FindIndex(correlations, value => value <= 0);
        if (first < 0)
            return 1;
        int[] peaks = [.. Enumerable.Range(0, most + 1).Where(lag => lag >= Math.Max(2, first) && correlations[lag] >= Least &&
            correlations[lag] > correlations[lag - 1] && correlations[lag] >= correlations[lag + 1])];
        double largest = peaks.Select(lag => correlations[lag]).DefaultIfEmpty().Max();
        int season = peaks.FirstOrDefault(lag => correlations[lag] >= AsGood * largest, 1);
        // Noise may have made a peak shortly before it.
        return peaks.Where(lag => lag >= season && 2 * lag < 3 * season).DefaultIfEmpty(1).MaxBy(lag => correlations[lag]);
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
