namespace SequenceModels;

/// <summary>The numbers that a forecast reads of a time.</summary>
/// <remarks>
/// A place p on its circle, from 0 to below 1, is sin(2 pi r p) and cos(2 pi r p) for each round r.
/// </remarks>
public static class CalendarEncoding
{
    private static readonly (CalendarFeatures Feature, int Rounds, Func<DateTime, double> Place)[] s_circles =
    [
        (CalendarFeatures.HourOfDay, 2, time => time.TimeOfDay / TimeSpan.FromDays(1)),
        (CalendarFeatures.DayOfWeek, 3, time => (int)time.DayOfWeek / 7.0),
        (CalendarFeatures.DayOfMonth, 1, time => (time.Day - 1.0) / DateTime.DaysInMonth(time.Year, time.Month)),
        (CalendarFeatures.MonthOfYear, 2, time => (time.Month - 1) / 12.0),
        (CalendarFeatures.DayOfYear, 1, time => (time.DayOfYear - 1.0) / (DateTime.IsLeapYear(time.Year) ? 366 : 365)),
    ];

    /// <summary>How many numbers there are for each time.</summary>
    /// <param name="features">What is read of it.</param>
    public static int SizeOf(CalendarFeatures features)
    {
        int size = 0;
        foreach ((CalendarFeatures feature, int rounds, _) in s_circles)
            size += (features & feature) != 0 ? 2 * rounds : 0;
        return size;
    }

    /// <summary>Writes the numbers of a time: those of each feature in the order of <see cref="CalendarFeatures"/>.</summary>
    /// <param name="features">What is read of it.</param>
    /// <param name="time">The time, as the clock showed it where the step was taken.</param>
    /// <param name="numbers">[<see cref="SizeOf"/>] written.</param>
    /// <exception cref="ArgumentException">There is room for more or fewer numbers.</exception>
    public static void Encode(CalendarFeatures features, DateTime time, Span<float> numbers)
    {
        if (numbers.Length != SizeOf(features))
            throw new ArgumentException(Invariant($"{features} has {Counted.Of(SizeOf(features), "number")}; there is room ") +
                Invariant($"for {numbers.Length}."), nameof(numbers));
        int at = 0;
        foreach ((CalendarFeatures feature, int rounds, Func<DateTime, double> place) in s_circles)
            for (int round = 1; (features & feature) != 0 && round <= rounds; round++)
            {
                (double sine, double cosine) = Math.SinCos(Math.Tau * round * place(time));
                (numbers[at++], numbers[at++]) = ((float)sine, (float)cosine);
            }
    }
}
