using System.Globalization;

namespace SequenceModels.Transforms;

/// <summary>
/// Finds texts that stand in another order than the numbers or dates that they spell: "10" before "9", "2/1/2024" after
/// "10/1/2023".
/// </summary>
internal static class TextOrder
{
    /// <summary>Two texts in the wrong order.</summary>
    /// <param name="First">Comes before <paramref name="Second"/>, and means what is later.</param>
    /// <param name="Second">What should come before.</param>
    /// <param name="Kind">What all the texts are.</param>
    /// <param name="Mend">What to load instead.</param>
    public readonly record struct Fault(string First, string Second, string Kind, string Mend);

    private const DateTimeStyles ToUniversal =
        DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private static readonly DateTimeFormatInfo DayFirst = new() { ShortDatePattern = "dd/MM/yyyy" };

    /// <summary>
    /// The first fault; null where there is none. Each way to read all of the texts must give their order: where day and month
    /// cannot be told apart, both do, or the order is not to be trusted. Numbers with leading zeros and ISO 8601 dates have none.
    /// </summary>
    /// <param name="texts">Different ones, in the order that they have. Empty ones are missing values, and not looked at.</param>
    public static Fault? FirstFault(IReadOnlyList<string> texts)
    {
        string[] given = [.. texts.Where(text => !string.IsNullOrWhiteSpace(text))];
        if (given.Length < 2)
            return null;
        Fault? ofNumbers = FaultOf(given, "numbers", "a number (Single, Int64)", [Number, NumberWithComma, NumberOfGroups],
            out bool areNumbers);
        if (areNumbers)
            return ofNumbers;
        Fault? ofDates = FaultOf(given, "dates or times", "a DateTime",
            [text => Date(text, DateTimeFormatInfo.InvariantInfo), text => Date(text, DayFirst)], out bool areDates);
        return areDates ? ofDates : FaultOfNumbered(given);
    }

    private static Fault? FaultOf(string[] texts, string kind, string mend, Func<string, double?>[] readings, out bool areSuch)
    {
        areSuch = false;
        foreach (Func<string, double?> read in readings)
        {
            double?[] values = [.. texts.Select(read).TakeWhile(value => value is not null)];
            if (values.Length < texts.Length)
                continue;
            areSuch = true;
            for (int i = 1; i < values.Length; i++)
                if (values[i - 1] > values[i])
                    return new Fault(texts[i - 1], texts[i], kind, mend);
        }
        return null;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value : null;

    private static double? NumberWithComma(string text) =>
        text.Contains('.', StringComparison.Ordinal) ? null : Number(text.Replace(',', '.'));

    /// <summary>A whole number in groups of three digits: 1,234,567 or 1.234.567.</summary>
    private static double? NumberOfGroups(string text)
    {
        string[] groups = text.Trim().TrimStart('-', '+').Split(text.Contains(',', StringComparison.Ordinal) ? ',' : '.');
        return groups[0].Length is >= 1 and <= 3 && groups.Skip(1).All(group => group.Length == 3) &&
            groups.All(group => group.All(char.IsAsciiDigit))
            ? Number(text.Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal)) : null;
    }

    private static double? Date(string text, DateTimeFormatInfo order) =>
        DateTime.TryParse(text, order, ToUniversal, out DateTime time) ? time.Ticks : null;

    /// <summary>Texts that differ in nothing but their numbers: "week 10" before "week 9".</summary>
    private static Fault? FaultOfNumbered(string[] texts)
    {
        string frame = FrameOf(texts[0]);
        if (!frame.Contains('0', StringComparison.Ordinal) || texts.Any(text => FrameOf(text) != frame))
            return null;
        double[] before = NumbersOf(texts[0]);
        for (int i = 1; i < texts.Length; i++)
        {
            double[] numbers = NumbersOf(texts[i]);
            int differs = Enumerable.Range(0, numbers.Length).FirstOrDefault(k => numbers[k] != before[k], -1);
            if (differs >= 0 && before[differs] > numbers[differs])
                return new Fault(texts[i - 1], texts[i], "numbered", "a number, or write the numbers with leading zeros");
            before = numbers;
        }
        return null;
    }

    /// <summary>The text with 0 in place of each number.</summary>
    private static string FrameOf(string text)
    {
        var frame = new System.Text.StringBuilder();
        for (int i = 0; i < text.Length; i++)
            if (!char.IsAsciiDigit(text[i]))
                frame.Append(text[i]);
            else if (i == 0 || !char.IsAsciiDigit(text[i - 1]))
                frame.Append('0');
        return frame.ToString();
    }

    private static double[] NumbersOf(string text) =>
        [.. string.Concat(text.Select(letter => char.IsAsciiDigit(letter) ? letter : ' '))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
