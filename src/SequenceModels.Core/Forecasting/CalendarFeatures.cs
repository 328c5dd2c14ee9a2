namespace SequenceModels;

/// <summary>
/// What a forecast reads of the times of steps. Each is a place on a circle, whose end joins its beginning: sines and cosines of
/// one, two or three rounds.
/// </summary>
[Flags]
public enum CalendarFeatures
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The time of day, minutes and seconds included; two rounds, 4 numbers.</summary>
    HourOfDay = 1,

    /// <summary>The day of the week; three rounds, 6 numbers, which tell any day from all others.</summary>
    DayOfWeek = 2,

    /// <summary>The day of the month; one round, 2 numbers.</summary>
    DayOfMonth = 4,

    /// <summary>The month; two rounds, 4 numbers.</summary>
    MonthOfYear = 8,

    /// <summary>The day of the year; one round, 2 numbers.</summary>
    DayOfYear = 16,
}
