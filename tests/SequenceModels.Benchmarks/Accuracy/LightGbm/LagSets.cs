using System.Globalization;
using System.IO.Compression;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>The data sets of the page of forecasts, as columns of numbers.</summary>
internal static class LagSets
{
    /// <summary>Those of one name: several where it is forecast from different columns.</summary>
    public static IReadOnlyList<LagSet> Of(string name, string folder) => name switch
    {
        "sunspots" => [Column(Path.Combine(folder, "sunspots-monthly", "monthly-sunspots.csv"), 60, 12, 132).CutAt(0.2)],
        "daily-min-temperatures" =>
            [Column(Path.Combine(folder, "daily-min-temperatures", "daily-min-temperatures.csv"), 30, 7, 365).CutAt(0.2)],
        "airline-passengers" =>
            [Column(Path.Combine(folder, "airline-passengers", "airline-passengers.csv"), 12, 1, 12).CutAt(24 / 144.0)],
        "beijing-pm25" => Beijing(Path.Combine(folder, "beijing-pm25", "pollution.csv")),
        "etth2" => Transformer(Path.Combine(folder, "etth2", "ETTh2.csv.gz")),
        _ => [],
    };

    private static LagSet Column(string path, int windowSize, int horizon, int seasonLength) => new()
    {
        Name = "LightGbm on lags",
        Columns = [[.. File.ReadLines(path).Skip(1).Select(line => Number(line.Split(',')[1]))]],
        WindowSize = windowSize, Horizon = horizon, SeasonLength = seasonLength, Train = 0, Test = 0, End = 0,
    };

    private static LagSet[] Beijing(string path)
    {
        string[][] rows = [.. File.ReadLines(path).Skip(1).Select(line => line.Split(','))];
        float[] Of(int field, Func<float, float>? change = null) => [.. rows.Select(row => row[field] == "NA" ? float.NaN
            : change is null ? Number(row[field]) : change(Number(row[field])))];
        float[][] winds = [.. rows.Select(row => row[9]).Distinct().Order(StringComparer.Ordinal)
            .Select(wind => rows.Select(row => row[9] == wind ? 1f : 0f).ToArray())];
        LagSet multivariate = new LagSet
        {
            Name = "LightGbm on lags, multivariate",
            Columns = [Of(5), Of(6), Of(7), Of(8), Of(10, wind => MathF.Log(1 + wind)), Of(11), Of(12), .. winds],
            WindowSize = 24, Horizon = 6, SeasonLength = 24, Train = 0, Test = 0, End = 0,
        }.CutAt(0.2);
        return [multivariate,
            multivariate with { Name = "LightGbm on lags, univariate", Columns = multivariate.Columns[..1] }];
    }

    /// <summary>The split by convention: 12, 4 and 4 months of 30 days. All columns from all, and OT from itself.</summary>
    private static LagSet[] Transformer(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        float[][] rows = [.. Lines(reader).Skip(1).Select(line => line.Split(',').Skip(1).Select(Number).ToArray())];
        float[][] columns = [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Select(row => row[i]).ToArray())];
        const int Month = 30 * 24;
        LagSet all = new()
        {
            Name = "LightGbm on lags, 7 columns", Columns = columns, Targets = columns.Length,
            WindowSize = 48, Horizon = 48, ShorterHorizon = 24, SeasonLength = 24, Train = 12 * Month, Test = 16 * Month, End = 20 * Month,
        };
        return [all, all with { Name = "LightGbm on lags, OT", Columns = [columns[^1]], Targets = 1 }];
    }

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
