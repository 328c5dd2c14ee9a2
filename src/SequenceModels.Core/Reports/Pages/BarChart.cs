namespace SequenceModels.Reports;

/// <summary>Named values as bars, with a line at a value that matters.</summary>
internal sealed class BarChart : Figure
{
    private const double Left = 230, Right = 60, Top = 6, Bar = 16, Gap = 8, Bottom = 50;

    public required IReadOnlyList<(string Name, double Value)> Bars { get; init; }

    public required string XLabel { get; init; }

    /// <summary>The value with the line.</summary>
    public required double Reference { get; init; }

    protected override double Height => Top + Bars.Count * (Bar + Gap) + Bottom;

    protected override string Description => $"Bar chart of {XLabel}, with a line at {Numbers.Of(Reference)}. " +
        string.Join(" ", Bars.Take(12).Select(bar => $"{bar.Name}: {Numbers.Of(bar.Value)}."));

    protected override void Draw(Markup page)
    {
        var scale = Scale.Linear(Bars.Select(bar => bar.Value).Append(0).Append(1.2 * Reference));
        double X(double value) => Left + scale.Place(value) * (Width - Left - Right);
        double bottom = Height - Bottom;
        foreach (Tick tick in scale.Ticks)
        {
            Line(page, X(tick.Value), Top, X(tick.Value), bottom, "grid");
            Label(page, X(tick.Value), bottom + 18, tick.Label, "tick middle");
        }
        for (int i = 0; i < Bars.Count; i++)
        {
            double y = Top + i * (Bar + Gap) + Gap / 2, value = Scale.HasPlace(Bars[i].Value) ? Bars[i].Value : 0;
            Label(page, Left - 8, y + Bar - 4, Short(Bars[i].Name, 34), "tick end");
            page.Empty("rect", ("x", Numbers.Place(Left)), ("y", Numbers.Place(y)), ("width", Numbers.Place(X(value) - Left)),
                ("height", Numbers.Place(Bar)), ("class", "bar"));
            Label(page, X(value) + 6, y + Bar - 4, Numbers.Of(Bars[i].Value), "tick");
        }
        Line(page, X(Reference), Top, X(Reference), bottom, "reference");
        Label(page, (Left + Width - Right) / 2, Height - 10, XLabel, "title middle");
    }
}
