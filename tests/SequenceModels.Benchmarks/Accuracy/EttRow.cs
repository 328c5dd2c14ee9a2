using System.Globalization;
using System.IO.Compression;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>
/// An hour of ETTh2: six loads of an electricity transformer and its oil temperature. The split by convention: 12, 4 and 4
/// months of 30 days.
/// </summary>
/// <remarks>Zhou et al., "Informer: Beyond Efficient Transformer for Long Sequence Time-Series Forecasting", AAAI 2021.</remarks>
internal sealed class EttRow
{
    /// <summary>Hours in a day, and in a month.</summary>
    public const int Day = 24, Month = 30 * Day;

    /// <summary>The first row for validation, the first that is forecast, and the one behind the last.</summary>
    public const int Validation = 12 * Month, Test = 16 * Month, End = 20 * Month;

    public static IReadOnlyList<string> Columns { get; } = [nameof(HUFL), nameof(HULL), nameof(MUFL), nameof(MULL),
        nameof(LUFL), nameof(LULL), nameof(OT)];

    public DateTime Date { get; set; }

    public float HUFL { get; set; }

    public float HULL { get; set; }

    public float MUFL { get; set; }

    public float MULL { get; set; }

    public float LUFL { get; set; }

    public float LULL { get; set; }

    public float OT { get; set; }

    /// <summary>The values in the order of <see cref="Columns"/>.</summary>
    public float[] ToValues() => [HUFL, HULL, MUFL, MULL, LUFL, LULL, OT];

    public static EttRow[] Load(string folder)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "etth2", "ETTh2.csv.gz")),
            CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.TrimEnd('\r').Split(','))
            .Select(row => Of(DateTime.Parse(row[0], CultureInfo.InvariantCulture),
                [.. row.Skip(1).Select(text => float.Parse(text, CultureInfo.InvariantCulture))]))];
    }

    /// <summary>The rows of the split with each column on the scale on which its training rows have mean 0 and deviation 1.</summary>
    public static EttRow[] Standardised(EttRow[] rows)
    {
        float[][] columns = [.. Columns.Select((_, column) =>
            Standardised([.. rows.Take(End).Select(row => row.ToValues()[column])]))];
        return [.. rows.Take(End).Select((row, t) => Of(row.Date, [.. columns.Select(column => column[t])]))];
    }

    private static EttRow Of(DateTime date, float[] values) => new()
    {
        Date = date, HUFL = values[0], HULL = values[1], MUFL = values[2], MULL = values[3], LUFL = values[4], LULL = values[5],
        OT = values[6],
    };

    private static float[] Standardised(float[] values)
    {
        double mean = values.Take(Validation).Average(value => (double)value);
        double deviation = Math.Sqrt(values.Take(Validation).Average(value => (value - mean) * (value - mean)));
        return [.. values.Select(value => (float)((value - mean) / deviation))];
    }
}
