using System.Text;

namespace SequenceModels.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Points">
/// From left to right. Points without a place on the axes, such as 0 on a logarithmic one, break the line.
/// </param>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>Lines over a common axis. They differ by colour, dashes and markers.</summary>
internal sealed class LineChart : Figure
{
    /// <summary>Lines that can still be told apart.</summary>
    public const int MostSeries = 8;

    private const int MostPoints = 400, Markers = 8;

    /// <summary>All lines; of more than eight, eight are drawn.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    /// <summary>Whether the values are drawn by their ratios.</summary>
    public bool IsLog { get; init; }

    /// <summary>Whether x is whole numbers, as steps and epochs are.</summary>
    public bool WholeX { get; init; } = true;

    protected override double Height => 340;

    protected override string Description =>
        $"Line chart. Horizontal: {XLabel}. Vertical: {YLabel}{(IsLog ? ", logarithmic" : "")}. " +
        string.Join(" ", Drawn.Where(series => series.Points.Count > 0)
            .Select(series => $"{series.Name}: from {Numbers.Of(series.Points[0].Y)} to {Numbers.Of(series.Points[^1].Y)}."));

    private Series[] Drawn => Series.Count <= MostSeries ? [.. Series]
        : [.. Enumerable.Range(0, MostSeries).Select(i => Series[i * (Series.Count - 1) / (MostSeries - 1)])];

    protected override void WriteKey(Markup page)
    {
        if (Series.Count < 2)
            return;
        page.Open("ul", ("class", "key"));
        Series[] drawn = Drawn;
        for (int i = 0; i < drawn.Length; i++)
        {
            page.Open("li").Open("svg", ("viewBox", "0 0 34 12"), ("width", "34"), ("height", "12"), ("aria-hidden", "true"));
            Line(page, 1, 6, 33, 6, Invariant($"line s{i}"));
            SeriesMarker.Draw(page, i, 17, 6);
            page.Close().Element("span", drawn[i].Name, ("dir", "auto")).Close();
        }
        page.Close();
    }

    protected override void Draw(Markup page)
    {
        IEnumerable<(double X, double Y)> all = Series.SelectMany(series => series.Points).Where(point => HasPlace(point.Y))
            .DefaultIfEmpty((0, 1));
        Scale x = WholeX ? Scale.Steps(all.Min(point => point.X), all.Max(point => point.X))
            : Scale.Linear(all.Select(point => point.X));
        Scale y = IsLog ? Scale.Log(all.Select(point => point.Y)) : Scale.Linear(all.Select(point => point.Y));
        var frame = new PlotFrame(x, y, Width, Height);
        frame.Draw(page, XLabel, YLabel);
        Series[] drawn = Drawn;
        for (int i = 0; i < drawn.Length; i++)
        {
            (double X, double Y)[] points = Thin(drawn[i].Points);
            page.Empty("path", ("d", PathOf(points, frame)), ("class", Invariant($"line s{i}")));
            (double X, double Y)[] seen = [.. points.Where(point => HasPlace(point.Y))];
            int stride = Math.Max(1, seen.Length / Markers);
            // Markers of different lines begin at different points, so that lines which coincide are both seen.
            for (int p = seen.Length <= Markers ? 0 : i * stride / drawn.Length; p < seen.Length; p += stride)
                SeriesMarker.Draw(page, i, frame.X(seen[p].X), frame.Y(seen[p].Y));
        }
    }

    private bool HasPlace(double y) => IsLog ? Scale.HasPlaceOnLog(y) : Scale.HasPlace(y);

    private string PathOf((double X, double Y)[] points, PlotFrame frame)
    {
        var path = new StringBuilder();
        bool pen = false;
        foreach ((double px, double py) in points)
        {
            if (HasPlace(py))
                path.Append(pen ? 'L' : 'M').Append(Numbers.Place(frame.X(px))).Append(' ').Append(Numbers.Place(frame.Y(py)));
            pen = HasPlace(py);
        }
        return path.ToString();
    }

    /// <summary>Of very many points, the lowest and the highest of each stretch: peaks stay.</summary>
    private static (double X, double Y)[] Thin(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count <= MostPoints)
            return [.. points];
        var thinned = new List<(double X, double Y)>();
        int stretches = MostPoints / 2;
        for (int i = 0; i < stretches; i++)
        {
            int from = (int)((long)i * points.Count / stretches), to = (int)((long)(i + 1) * points.Count / stretches);
            (double X, double Y)[] stretch = [.. Enumerable.Range(from, to - from).Select(p => points[p])];
            (double X, double Y) low = stretch.MinBy(point => point.Y), high = stretch.MaxBy(point => point.Y);
            thinned.AddRange(low.X <= high.X ? [low, high] : [high, low]);
        }
        return [.. thinned];
    }
}
