using System.Globalization;

namespace SequenceModels.Reports;

/// <summary>Numbers as a page shows them, the same in every culture.</summary>
internal static class Numbers
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>Four significant digits; very small and very large ones with a power of ten.</summary>
    public static string Of(double value)
    {
        if (double.IsNaN(value))
            return "–";
        if (double.IsInfinity(value))
            return value > 0 ? "∞" : "−∞";
        double size = Math.Abs(value);
        if (size != 0 && size is < 1e-3 or >= 1e7)
        {
            int exponent = (int)Math.Floor(Math.Log10(size));
            string mantissa = Fixed(value / Math.Pow(10, exponent), "0.##");
            return $"{mantissa} × {PowerOfTen(exponent)}";
        }
        int decimals = size == 0 ? 0 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 6);
        return Fixed(value, decimals == 0 ? "#,0" : "#,0." + new string('#', decimals));
    }

    /// <summary>10 with an exponent set high.</summary>
    public static string PowerOfTen(int exponent) => "10" + string.Concat(
        exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : Superscripts[c - '0']));

    /// <summary>A share as per cent.</summary>
    public static string Percent(double share) => double.IsNaN(share) ? "–" : Fixed(100 * share, "0.#") + " %";

    /// <summary>A whole number with thousands apart.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A whole number with its noun: "1 step", "1,200 steps".</summary>
    public static string Count(long count, string noun) =>
        Count(count) + Counted.Of(count, noun)[count.ToString(CultureInfo.InvariantCulture).Length..];

    /// <summary>A time in the largest unit that it fills.</summary>
    public static string Time(double seconds) => seconds < 120 ? Of(seconds) + " s" : seconds < 7200 ? Of(seconds / 60) + " min"
        : Of(seconds / 3600) + " h";

    /// <summary>A length or place in a drawing.</summary>
    public static string Place(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Fixed(double value, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
}
