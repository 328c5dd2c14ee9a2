using System.Globalization;

namespace SequenceModels.Forecasting;

/// <summary>
/// Cuts the end of the steps in time into parts: training rows before a cut, forecasts from it on, then the next cut.
/// </summary>
internal static class RollingOrigin
{
    /// <param name="ranks">The steps in time.</param>
    /// <param name="folds">How often a model is trained.</param>
    /// <param name="testFraction">Share of the time that is forecast.</param>
    /// <param name="horizon">H.</param>
    /// <exception cref="InvalidOperationException">There are too few steps.</exception>
    public static FoldRows[] Cut(TimeRanks ranks, int folds, double testFraction, int horizon)
    {
        int observed = ranks.Observed, first = observed - Math.Max(folds, (int)Math.Round(testFraction * observed));
        if (first < 1)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"There {(observed == 1 ? "is" : "are")} {Counted.Of(observed, "step")} in time, too few for " +
                $"{Counted.Of(folds, "fold")} and something to learn from before them. Use fewer folds, a smaller " +
                $"testFraction (now {testFraction}), or more rows."));
        int CutOf(int fold) => first + (int)((long)fold * (observed - first) / folds);
        // Forecasts of a fold reach beyond its end; nothing is learned from what is seen there.
        return [.. Enumerable.Range(0, folds).Select(fold => new FoldRows(ranks.OfRows)
        {
            Train = CutOf(fold), Test = CutOf(fold), EndOfOrigins = CutOf(fold + 1) - 1, Seen = CutOf(fold + 1) + horizon,
        })];
    }
}
