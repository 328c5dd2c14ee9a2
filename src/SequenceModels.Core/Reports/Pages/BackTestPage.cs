namespace SequenceModels.Reports;

/// <summary>What a page about forecasts shows of one series and target.</summary>
/// <param name="Name">Of the series.</param>
/// <param name="Target">The column.</param>
/// <param name="Actual">Steps, and what came true.</param>
/// <param name="Stretches">What was forecast.</param>
/// <param name="Times">The time of each step; null: there are no times.</param>
internal sealed record BackTestSeries(string Name, string Target, IReadOnlyList<(double Step, double Value)> Actual,
    IReadOnlyList<ForecastStretch> Stretches, IReadOnlyDictionary<double, string>? Times)
{
    /// <summary>A step as a reader knows it.</summary>
    public string TextOf(double step) => Times is not null && Times.TryGetValue(step, out string? time) ? time
        : Numbers.Count((long)step);
}

/// <summary>A figure of several methods over the horizon.</summary>
/// <param name="Name">Such as RMSE.</param>
/// <param name="Caption">What it is.</param>
/// <param name="Methods">Each with a value for each step of the horizon.</param>
internal sealed record HorizonFigure(string Name, string Caption,
    IReadOnlyList<(string Method, IReadOnlyList<double> Values)> Methods);

/// <summary>The page about a back test: series with their forecasts, and errors over the horizon.</summary>
internal static class BackTestPage
{
    /// <summary>Forecasts that crowd a chart, and those that are shown again.</summary>
    private const int Many = 12, Few = 6;

    public static string Render(
        IReadOnlyList<(string, string)> facts, IReadOnlyList<BackTestSeries> series, IReadOnlyList<HorizonFigure> figures,
        double confidenceLevel) =>
        PageFrame.Render("Back test of forecasts",
            "What was forecast, and what came true: each forecast was made by a network that had seen no later value.", facts,
        [
            ("Forecasts", page =>
            {
                for (int i = 0; i < series.Count; i++)
                    WriteSeries(page, series[i], i + 1, $"{Numbers.Percent(confidenceLevel)} interval");
            }),
            ("Errors over the horizon", page =>
            {
                for (int i = 0; i < figures.Count; i++)
                    WriteFigure(page, figures[i], i + 1);
            }),
        ]);

    /// <summary>All forecasts, and where they are many the last ones by themselves, large enough to be read.</summary>
    private static void WriteSeries(Markup page, BackTestSeries series, int number, string band)
    {
        string title = series.Name == "" ? series.Target : $"{series.Target} of {series.Name}";
        WriteChart(page, series, Invariant($"series-{number}"), title, band);
        if (series.Stretches.Count <= Many)
            return;
        ForecastStretch[] last = [.. series.Stretches.TakeLast(Few)];
        double from = last[0].Origin.Step - 2 * last[0].Points.Count;
        WriteChart(page, series with { Stretches = last, Actual = [.. series.Actual.Where(point => point.Step >= from)] },
            Invariant($"series-{number}-end"),
            title + ", the last forecasts", band);
    }

    private static void WriteChart(Markup page, BackTestSeries series, string id, string title, string band)
    {
        Dictionary<double, double> actual = series.Actual.ToDictionary(point => point.Step, point => point.Value);
        new ForecastChart
        {
            Id = id,
            Title = title,
            Caption = "Each forecast begins at the last value that it knew. Of the forecasts made at every step, those are " +
                "drawn that do not overlap.",
            Actual = series.Actual,
            Stretches = series.Stretches,
            YLabel = series.Target,
            BandName = band,
            TimeOf = series.Times is null ? null : series.TextOf,
            Table = new DataTable(
                [series.Times is null ? "step" : "time", "forecast", "lower bound", "upper bound", "what came true"],
                [.. series.Stretches.SelectMany(stretch => stretch.Points)
                .Select(point => (string[])[series.TextOf(point.Step), Numbers.Of(point.Forecast), Numbers.Of(point.Lower),
                    Numbers.Of(point.Upper),
                    Numbers.Of(actual.GetValueOrDefault(point.Step, double.NaN))])]),
        }.Write(page);
    }

    private static void WriteFigure(Markup page, HorizonFigure figure, int number)
    {
        int horizon = figure.Methods[0].Values.Count;
        new LineChart
        {
            Id = Invariant($"figure-{number}"),
            Title = figure.Name,
            Caption = figure.Caption,
            XLabel = "steps ahead",
            YLabel = figure.Name,
            Series = [.. figure.Methods.Select(method =>
                new Series(method.Method, [.. method.Values.Select((value, h) => ((double)h + 1, value))]))],
            Table = new DataTable(["steps ahead", .. figure.Methods.Select(method => method.Method)],
                [.. Enumerable.Range(0, horizon).Select(h =>
                (string[])[Numbers.Count(h + 1), .. figure.Methods.Select(method => Numbers.Of(method.Values[h]))])]),
        }.Write(page);
    }
}
