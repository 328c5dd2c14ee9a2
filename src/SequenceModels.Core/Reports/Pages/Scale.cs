namespace SequenceModels.Reports;

/// <summary>An axis: from values to places, and where its ticks are.</summary>
internal sealed class Scale
{
    private static readonly int[] s_factors = [1, 2, 5];

    /// <summary>Far beyond all that is measured, and far from where doubles end.</summary>
    private const double Largest = 1e100, Smallest = 1e-100;

    private readonly double _low, _high;

    private Scale(double low, double high, bool isLog, IReadOnlyList<Tick> ticks)
    {
        (_low, _high) = (low, high);
        IsLog = isLog;
        Ticks = ticks;
    }

    /// <summary>Whether equal distances are equal ratios.</summary>
    public bool IsLog { get; }

    public IReadOnlyList<Tick> Ticks { get; }

    /// <summary>Whether a value can be drawn: it must be finite, and not too large for a scale.</summary>
    public static bool HasPlace(double value) => Math.Abs(value) <= Largest;

    /// <summary>Whether a value can be drawn on a logarithmic axis.</summary>
    public static bool HasPlaceOnLog(double value) => value >= Smallest && HasPlace(value);

    /// <summary>0 at the axis' beginning, 1 at its end.</summary>
    public double Place(double value) => ((IsLog ? Math.Log10(value) : value) - _low) / (_high - _low);

    /// <summary>Equal distances are equal differences; begins and ends at a tick.</summary>
    /// <param name="values">The values to be drawn; those that are not finite are left out.</param>
    /// <param name="whole">Whether ticks are whole numbers only.</param>
    public static Scale Linear(IEnumerable<double> values, bool whole = false)
    {
        (double low, double high) = Range(values);
        if (high - low <= 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)))
            (low, high) = low == 0 ? (0, 1) : (Math.Min(0, 2 * low), Math.Max(0, 2 * low));
        double step = NiceStep((high - low) / 5);
        if (whole)
            step = Math.Max(1, Math.Round(step));
        // Where 0 is near, the axis begins there: differences then look as large as they are.
        double first = low > 0 && low < 0.4 * high ? 0 : Math.Floor(low / step + 1e-9) * step,
            last = Math.Ceiling(high / step - 1e-9) * step;
        int count = (int)Math.Round((last - first) / step);
        return new Scale(first, last, false, [.. Enumerable.Range(0, count + 1)
            .Select(i => first + i * step).Select(value => Math.Abs(value) < step / 1e6 ? 0 : value)
            .Select(value => new Tick(value, Numbers.Of(value)))]);
    }

    /// <summary>For steps and epochs: begins and ends with the values themselves; ticks are whole.</summary>
    /// <param name="first">The first step.</param>
    /// <param name="last">The last.</param>
    /// <param name="label">What is written at a tick, such as its time; null: its number.</param>
    public static Scale Steps(double first, double last, Func<double, string>? label = null)
    {
        // A time is longer than a number.
        int most = label is null ? 8 : 5;
        label ??= Numbers.Of;
        if (first == last)
            (first, last) = (first - 0.5, last + 0.5);
        double step = Math.Max(1, Math.Round(NiceStep((last - first) / most)));
        var ticks = new List<Tick>();
        for (double value = Math.Ceiling(first / step) * step; value <= last; value += step)
            ticks.Add(new Tick(value, label(value)));
        if (ticks.Count == 0 || ticks[0].Value - first >= 0.5 * step)
            ticks.Insert(0, new Tick(Math.Ceiling(first), label(Math.Ceiling(first))));
        return new Scale(first, last, false, ticks);
    }

    /// <summary>Equal distances are equal ratios; ticks at powers of ten, and between them where there are few.</summary>
    /// <param name="values">The values to be drawn; those that are not positive and finite are left out.</param>
    public static Scale Log(IEnumerable<double> values)
    {
        (double low, double high) = Range(values.Where(value => value >= Smallest));
        if (low <= 0)
            (low, high) = (0.1, 1);
        if (high / low <= 100)
            return LogWithin(low, high);
        int first = (int)Math.Floor(Math.Log10(low) + 1e-9), last = (int)Math.Ceiling(Math.Log10(high) - 1e-9);
        int stride = Math.Max(1, (int)Math.Ceiling((last - first) / 8.0));
        return new Scale(first, last, true,
            [.. Enumerable.Range(first, last - first + 1).Where(exponent => exponent % stride == 0)
            .Select(exponent => new Tick(Math.Pow(10, exponent), Numbers.PowerOfTen(exponent)))]);
    }

    /// <summary>Up to two powers of ten: ticks at 1, 2 and 5 times each.</summary>
    private static Scale LogWithin(double low, double high)
    {
        int exponent = (int)Math.Floor(Math.Log10(low)) - 1;
        double[] ticks = [.. from e in Enumerable.Range(exponent, 6) from factor in s_factors select factor * Math.Pow(10, e)];
        double first = ticks.Last(tick => tick <= low * (1 - 1e-9)), last = ticks.First(tick => tick >= high * (1 + 1e-9));
        return new Scale(Math.Log10(first), Math.Log10(last), true,
            [.. ticks.Where(tick => tick >= first && tick <= last).Select(tick => new Tick(tick, Numbers.Of(tick)))]);
    }

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double value in values)
            if (HasPlace(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return low > high ? (0, 1) : (low, high);
    }

    /// <summary>The nearest of 1, 2 and 5 times a power of ten, not below.</summary>
    private static double NiceStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        double factor = step / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }
}

/// <summary>A mark on an axis.</summary>
internal readonly record struct Tick(double Value, string Label);
