using System.Globalization;
using SequenceModels.Forecasting;

namespace SequenceModels;

/// <summary>
/// Where a table of time steps is cut: what comes before is learned from, what comes after is forecast and measured; between
/// them there may be rows for validation.
/// </summary>
/// <remarks>
/// The first forecast that is measured is made from the last step before the cut. Only forecasts are, whose whole horizon lies
/// before the end.
/// </remarks>
public sealed class ForecastSplit
{
    private readonly string _words;
    private readonly Func<TimeRanks, (int? Validation, int Test, int? End)> _cuts;

    private ForecastSplit(string words, Func<TimeRanks, (int? Validation, int Test, int? End)> cuts) =>
        (_words, _cuts) = (words, cuts);

    /// <summary>A cut by the number of steps before it.</summary>
    /// <param name="test">
    /// The first row that is forecast, counted from 0. Rows are counted in the order of time: of several series, times are.
    /// Without a column of times, several series end with the same row, and it is counted in the longest.
    /// </param>
    /// <param name="validation">
    /// The first row of those for validation, which end at <paramref name="test"/>. Null: all before it are learned from.
    /// </param>
    /// <param name="end">The row behind the last that is looked at. Null: the one behind the last observation.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not in this order: 0, validation, test, end.</exception>
    public static ForecastSplit AtRow(int test, int? validation = null, int? end = null)
    {
        RequireOrder(validation, test, end);
        if ((validation ?? test) < 1)
            throw new ArgumentOutOfRangeException(validation is null ? nameof(test) : nameof(validation),
                InvariantText.Of(validation ?? test), "There must be a row before it to learn from.");
        return new ForecastSplit(Invariant($"row {test}"), _ => (validation, test, end));
    }

    /// <summary>A cut at a date, for a column of dates, or of text that spells dates (yyyy-MM-dd).</summary>
    /// <param name="test">The first time that is forecast, or one between it and the time before.</param>
    /// <param name="validation">
    /// The first time of the rows for validation, which end at <paramref name="test"/>. Null: all before it are learned from.
    /// </param>
    /// <param name="end">Rows of this time and later are not looked at. Null: all are.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not in this order: validation, test, end.</exception>
    public static ForecastSplit AtTime(DateTime test, DateTime? validation = null, DateTime? end = null) =>
        AtTime(test, validation, end, text => DateTime.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal, out DateTime time) ? time : null, "a date");

    /// <summary>A cut at a number, for a column of numbers, such as years.</summary>
    /// <inheritdoc cref="AtTime(DateTime, DateTime?, DateTime?)" path="/param|/exception"/>
    public static ForecastSplit AtTime(double test, double? validation = null, double? end = null) =>
        AtTime(test, validation, end, text => double.TryParse(text, CultureInfo.InvariantCulture, out double time) ? time : null,
            "a number");

    /// <summary>What the rows of a table are by this split.</summary>
    /// <exception cref="InvalidOperationException">There is nothing before the cut, or nothing behind it.</exception>
    internal FoldRows Cut(TimeRanks ranks)
    {
        (int? validation, int test, int? end) = _cuts(ranks);
        int train = validation ?? test, last = Math.Min(end ?? ranks.Observed, ranks.Observed);
        if (train < 1 || test >= last)
            throw new InvalidOperationException($"The data have {Counted.Of(ranks.Observed, "step")} in time, and none is " +
                $"{(train < 1 ? "before the cut to be learned from" : "behind the cut to be forecast")} ({_words}).");
        return new FoldRows(ranks.OfRows) { Train = train, Test = test, EndOfOrigins = last - 1, Seen = last };
    }

    private static ForecastSplit AtTime<T>(T test, T? validation, T? end, Func<string, T?> parse, string kind)
        where T : struct, IComparable<T>
    {
        RequireOrder(validation, test, end);
        return new ForecastSplit(InvariantText.Of(test), ranks =>
        {
            int? At(T? time) => time is { } at ? ranks.At(parse, at, kind) : null;
            return (At(validation), ranks.At(parse, test, kind), At(end));
        });
    }

    private static void RequireOrder<T>(T? validation, T test, T? end) where T : struct, IComparable<T>
    {
        if (validation is { } first && first.CompareTo(test) >= 0)
            throw new ArgumentOutOfRangeException(nameof(validation), InvariantText.Of(first),
                $"Rows for validation must begin before those that are forecast: test is {InvariantText.Of(test)}.");
        if (end is { } last && last.CompareTo(test) <= 0)
            throw new ArgumentOutOfRangeException(nameof(end), InvariantText.Of(last),
                $"The end must come after the first row that is forecast: test is {InvariantText.Of(test)}.");
    }
}
