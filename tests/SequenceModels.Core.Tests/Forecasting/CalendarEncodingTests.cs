using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>The numbers that forecasts read of times.</summary>
public class CalendarEncodingTests
{
    private const CalendarFeatures All = CalendarFeatures.HourOfDay | CalendarFeatures.DayOfWeek | CalendarFeatures.DayOfMonth |
        CalendarFeatures.MonthOfYear | CalendarFeatures.DayOfYear;

    [Fact]
    public void Each_feature_has_a_sine_and_a_cosine_for_each_round()
    {
        Assert.Equal([0, 4, 6, 2, 4, 2, 18], new[] { CalendarFeatures.None, CalendarFeatures.HourOfDay,
            CalendarFeatures.DayOfWeek, CalendarFeatures.DayOfMonth, CalendarFeatures.MonthOfYear, CalendarFeatures.DayOfYear,
            All }.Select(CalendarEncoding.SizeOf));
        // 06:00 is a quarter of the day: one round stands at a right angle, two at half a circle.
        AssertClose([1, 0, 0, -1], Encode(CalendarFeatures.HourOfDay, new DateTime(2026, 1, 1, 6, 0, 0)));
        AssertClose([0, 1], Encode(CalendarFeatures.DayOfMonth, new DateTime(2026, 5, 1)));
        AssertClose([0, -1], Encode(CalendarFeatures.DayOfMonth, new DateTime(2026, 2, 15)));
        AssertClose([1, 0, 0, -1], Encode(CalendarFeatures.MonthOfYear, new DateTime(2026, 4, 30)));
        AssertClose([0, 1], Encode(CalendarFeatures.DayOfYear, new DateTime(2024, 1, 1)));
        AssertClose([.. Encode(CalendarFeatures.DayOfWeek, new DateTime(2026, 6, 5)),
            .. Encode(CalendarFeatures.DayOfYear, new DateTime(2026, 6, 5))],
            Encode(CalendarFeatures.DayOfWeek | CalendarFeatures.DayOfYear, new DateTime(2026, 6, 5)));
    }

    [Fact]
    public void What_comes_again_has_the_same_numbers_and_what_does_not_has_others()
    {
        var monday = new DateTime(2026, 11, 30);
        Assert.Equal(Encode(CalendarFeatures.DayOfWeek, monday),
            Encode(CalendarFeatures.DayOfWeek, monday.AddDays(7).AddHours(9)));
        for (int day = 1; day < 7; day++)
            Assert.NotEqual(Encode(CalendarFeatures.DayOfWeek, monday), Encode(CalendarFeatures.DayOfWeek, monday.AddDays(day)));
        Assert.NotEqual(Encode(CalendarFeatures.HourOfDay, monday), Encode(CalendarFeatures.HourOfDay, monday.AddMinutes(30)));
    }

    [Fact]
    public void Room_for_other_numbers_is_refused() => Assert.Contains("has 4 numbers; there is room for 3",
        Assert.Throws<ArgumentException>(() =>
            CalendarEncoding.Encode(CalendarFeatures.HourOfDay, DateTime.UnixEpoch, new float[3])).Message,
        StringComparison.Ordinal);

    private static float[] Encode(CalendarFeatures features, DateTime time)
    {
        float[] numbers = new float[CalendarEncoding.SizeOf(features)];
        CalendarEncoding.Encode(features, time, numbers);
        return numbers;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }
}
