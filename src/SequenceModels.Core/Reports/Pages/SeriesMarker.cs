namespace SequenceModels.Reports;

/// <summary>The mark of a line: its shape tells lines apart without colour.</summary>
internal static class SeriesMarker
{
    private static readonly string[] Shapes =
    [
        "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z", "M-3.2 -3.2H3.2V3.2H-3.2Z", "M0 -4.2L4 3.2H-4Z",
        "M0 -4.6L4.6 0L0 4.6L-4.6 0Z",
        "M0 4.2L4 -3.2H-4Z", "M-1.4 -4.2H1.4V-1.4H4.2V1.4H1.4V4.2H-1.4V1.4H-4.2V-1.4H-1.4Z", "M-4.4 -1.6H4.4V1.6H-4.4Z",
        "M-1.6 -4.4H1.6V4.4H-1.6Z",
    ];

    /// <summary>Draws the mark of the line with a number from 0.</summary>
    public static void Draw(Markup page, int series, double x, double y) =>
        page.Empty("path", ("d", Shapes[series % Shapes.Length]),
        ("transform", $"translate({Numbers.Place(x)} {Numbers.Place(y)})"), ("class", Invariant($"mark m{series}")));
}
