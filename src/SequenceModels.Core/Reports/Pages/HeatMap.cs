namespace SequenceModels.Reports;

/// <summary>A grid of cells, the stronger coloured the larger their value.</summary>
internal sealed class HeatMap : Figure
{
    private const double Left = 150, Right = 12, Top = 26, TallestCell = 34;

    public required IReadOnlyList<string> RowNames { get; init; }

    public required IReadOnlyList<string> ColumnNames { get; init; }

    /// <summary>[row][column], 0 to 1: how strong the colour is.</summary>
    public required double[][] Values { get; init; }

    /// <summary>[row][column] what is written into the cells; null: nothing.</summary>
    public string[][]? Texts { get; init; }

    public required string RowLabel { get; init; }

    public required string ColumnLabel { get; init; }

    /// <summary>What the colours mean.</summary>
    public required string Meaning { get; init; }

    protected override double Height => Top + RowNames.Count * CellHeight + 26 + NameHeight;

    protected override string Description =>
        $"Grid of {Numbers.Count(RowNames.Count, "row")} ({RowLabel}) and {Numbers.Count(ColumnNames.Count, "column")} " +
        $"({ColumnLabel}). {Meaning} The table has the values.";

    private double CellWidth => Math.Min(ColumnNames.Count <= 6 ? 80 : 44, (Width - Left - Right) / ColumnNames.Count);

    private double CellHeight => RowNames.Count > 20 ? 18 : Math.Min(TallestCell, Math.Max(20, CellWidth));

    private double LongestName => ColumnNames.Max(name => Math.Min(14, name.Length)) * 7.2;

    /// <summary>Whether the columns' names have room side by side.</summary>
    private bool NamesLieFlat => LongestName < CellWidth;

    private double NameHeight => NamesLieFlat ? 0 : LongestName;

    protected override void WriteKey(Markup page)
    {
        page.Open("ul", ("class", "key"));
        foreach (double value in new[] { 0, 0.25, 0.5, 0.75, 1 })
        {
            page.Open("li").Open("svg", ("viewBox", "0 0 18 12"), ("width", "18"), ("height", "12"), ("aria-hidden", "true"));
            page.Empty("rect", ("x", "0.5"), ("y", "0.5"), ("width", "17"), ("height", "11"), ("class", "cell"),
                ("fill-opacity", Numbers.Place(value)));
            page.Close().Element("span", Numbers.Of(value)).Close();
        }
        page.Open("li").Element("span", Meaning).Close().Close();
    }

    protected override void Draw(Markup page)
    {
        double w = CellWidth, h = CellHeight, bottom = Top + RowNames.Count * h;
        Label(page, Left, 14, ColumnLabel + " →", "title");
        Label(page, Left - 8, 14, RowLabel + " ↓", "title end");
        for (int r = 0; r < RowNames.Count; r++)
        {
            Label(page, Left - 8, Top + r * h + h / 2 + 4, Short(RowNames[r], 20), "tick end");
            for (int c = 0; c < ColumnNames.Count; c++)
            {
                double value = double.IsFinite(Values[r][c]) ? Math.Clamp(Values[r][c], 0, 1) : 0;
                page.Empty("rect", ("x", Numbers.Place(Left + c * w)), ("y", Numbers.Place(Top + r * h)),
                    ("width", Numbers.Place(w)),
                    ("height", Numbers.Place(h)), ("class", "cell"), ("fill-opacity", Numbers.Place(value)));
                if (Texts?[r][c] is { Length: > 0 } text)
                    Label(page, Left + (c + 0.5) * w, Top + r * h + h / 2 + 4, text, value > 0.72 ? "value over strong"
                        : value > 0.6 ? "value over" : "value");
            }
        }
        for (int c = 0; c < ColumnNames.Count; c++)
            if (NamesLieFlat)
                Label(page, Left + (c + 0.5) * w, bottom + 18, ColumnNames[c], "tick middle");
            else
                Label(page, Left + (c + 0.5) * w + 4, bottom + 8, Short(ColumnNames[c], 14), "tick end", "rotate(-90)");
    }
}
