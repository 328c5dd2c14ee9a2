using System.Text;

namespace SequenceModels.Reports;

/// <summary>A stretch of time that was forecast from one origin.</summary>
/// <param name="Origin">The last step known, and its value: where the line of the forecast begins.</param>
/// <param name="Points">Step, forecast and bounds, from left to right.</param>
internal sealed record ForecastStretch((double Step, double Value) Origin,
    IReadOnlyList<(double Step, double Forecast, double Lower, double Upper)> Points);

/// <summary>
/// What came true, as a line with a mark on each value that was forecast; forecasts as lines over the band of their bounds.
/// </summary>
internal sealed class ForecastChart : Figure
{
    private const int MostMarks = 150;

    /// <summary>Step and value; a gap breaks the line.</summary>
    public required IReadOnlyList<(double Step, double Value)> Actual { get; init; }

    public required IReadOnlyList<ForecastStretch> Stretches { get; init; }

    public required string YLabel { get; init; }

    /// <summary>What the band is, such as "95 % interval".</summary>
    public required string BandName { get; init; }

    /// <summary>The time of a step; null: steps are counted.</summary>
    public Func<double, string>? TimeOf { get; init; }

    protected override double Height => 360;

    protected override string Description =>
        $"Line chart of {Numbers.Count(Actual.Count, "step")}, with {Numbers.Count(Stretches.Count, "forecast")} and the " +
        "intervals. " +
        $"Horizontal: {XLabel}. Vertical: {YLabel}.";

    private string XLabel => TimeOf is null ? "step" : "time";

    protected override void WriteKey(Markup page)
    {
        page.Open("ul", ("class", "key"));
        Key(page, "what came true", sample => Line(sample, 1, 6, 33, 6, "actual"));
        Key(page, "forecast", sample => Line(sample, 1, 6, 33, 6, "forecast"));
        Key(page, BandName, sample => sample.Empty("path", ("d", "M1 1H33V11H1Z"), ("class", "band")));
        page.Close();
    }

    protected override void Draw(Markup page)
    {
        IEnumerable<(double Step, double Forecast, double Lower, double Upper)> forecasts =
            Stretches.SelectMany(stretch => stretch.Points);
        double[] steps = [.. Actual.Select(point => point.Step), .. forecasts.Select(point => point.Step)];
        Scale x = Scale.Steps(steps.DefaultIfEmpty(0).Min(), steps.DefaultIfEmpty(1).Max(), TimeOf);
        Scale y = Scale.Linear([.. Actual.Select(point => point.Value),
            .. forecasts.SelectMany(point => new[] { point.Forecast, point.Lower, point.Upper })]);
        var frame = new PlotFrame(x, y, Width, Height);
        frame.Draw(page, XLabel, YLabel);
        foreach (ForecastStretch stretch in Stretches)
            page.Empty("path", ("d", Path([.. stretch.Points.Select(point => (point.Step, point.Lower)),
                .. stretch.Points.Reverse().Select(point => (point.Step, point.Upper))], frame) + "Z"), ("class", "band"));
        page.Empty("path", ("d", Path(Actual, frame)), ("class", "actual"));
        foreach (ForecastStretch stretch in Stretches)
            page.Empty("path",
                ("d", Path([stretch.Origin, .. stretch.Points.Select(point => (point.Step, point.Forecast))], frame)),
                ("class", "forecast"));
        Dictionary<double, double> actual = Actual.Where(point => Scale.HasPlace(point.Value))
            .ToDictionary(point => point.Step, point => point.Value);
        (double Step, double Value)[] marks =
            [.. forecasts.Where(point => actual.ContainsKey(point.Step)).Select(point => (point.Step, actual[point.Step]))];
        foreach ((double step, double value) in marks.Length <= MostMarks ? marks : [])
            page.Empty("circle", ("cx", Numbers.Place(frame.X(step))), ("cy", Numbers.Place(frame.Y(value))), ("r", "2.2"),
                ("class", "truth"));
    }

    private static void Key(Markup page, string name, Action<Markup> draw)
    {
        page.Open("li").Open("svg", ("viewBox", "0 0 34 12"), ("width", "34"), ("height", "12"), ("aria-hidden", "true"));
        draw(page);
        page.Close().Element("span", name).Close();
    }

    private static string Path(IReadOnlyList<(double Step, double Value)> points, PlotFrame frame)
    {
        var path = new StringBuilder();
        bool pen = false;
        foreach ((double step, double value) in points)
        {
            if (Scale.HasPlace(value))
                path.Append(pen ? 'L' : 'M').Append(Numbers.Place(frame.X(step))).Append(' ')
                    .Append(Numbers.Place(frame.Y(value)));
            pen = Scale.HasPlace(value);
        }
        return path.ToString();
    }
}
