using System.Globalization;

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
        "etth2" => [Transformer(EttRow.Load(folder))],
        "etth2-ot" => [Last(Transformer(EttRow.Load(folder)))],
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

    private static LagSet Last(LagSet set) => set with { Columns = set.Columns[^1..], Targets = 1 };

    private static LagSet Transformer(EttRow[] rows) => new()
    {
        Name = "LightGbm on lags",
        Columns = [.. EttRow.Columns.Select((_, i) => rows.Select(row => row.ToValues()[i]).ToArray())],
        Targets = EttRow.Columns.Count, WindowSize = 48, Horizon = 48, ShorterHorizon = 24, SeasonLength = EttRow.Day,
        Train = EttRow.Validation, Test = EttRow.Test, End = EttRow.End,
    };

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);
}
