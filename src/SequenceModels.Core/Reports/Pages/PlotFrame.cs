namespace SequenceModels.Reports;

/// <summary>The axes of a plot, and where values lie between them.</summary>
internal sealed class PlotFrame(Scale x, Scale y, double width, double height)
{
    private const double Left = 72, Right = 18, Top = 12, Bottom = 54;

    /// <summary>The place of a value on the horizontal axis.</summary>
    public double X(double value) => Left + x.Place(value) * (width - Left - Right);

    /// <summary>The place of a value on the vertical axis.</summary>
    public double Y(double value) => height - Bottom - y.Place(value) * (height - Top - Bottom);

    public void Draw(Markup page, string xLabel, string yLabel)
    {
        double bottom = height - Bottom, middle = (Top + bottom) / 2;
        foreach (Tick tick in y.Ticks)
        {
            double at = Y(tick.Value);
            Line(page, Left, at, width - Right, at, "grid");
            Text(page, tick.Label, $"translate({Numbers.Place(Left - 8)} {Numbers.Place(at + 4)})", "tick end");
        }
        foreach (Tick tick in x.Ticks)
        {
            double at = X(tick.Value);
            Line(page, at, bottom, at, bottom + 5, "axis");
            Text(page, tick.Label, $"translate({Numbers.Place(at)} {Numbers.Place(bottom + 20)})", "tick middle");
        }
        Line(page, Left, bottom, width - Right, bottom, "axis");
        Text(page, xLabel, $"translate({Numbers.Place((Left + width - Right) / 2)} {Numbers.Place(height - 10)})",
            "title middle");
        Text(page, yLabel, $"translate(14 {Numbers.Place(middle)}) rotate(-90)", "title middle");
    }

    private static void Text(Markup page, string text, string transform, string style) =>
        page.Element("text", text, ("transform", transform), ("class", style));

    private static void Line(Markup page, double x1, double y1, double x2, double y2, string style) => page.Empty("line",
        ("x1", Numbers.Place(x1)), ("y1", Numbers.Place(y1)), ("x2", Numbers.Place(x2)), ("y2", Numbers.Place(y2)),
        ("class", style));
}
