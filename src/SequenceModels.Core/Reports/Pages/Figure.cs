namespace SequenceModels.Reports;

/// <summary>
/// What a picture shows: every chart is a figure with a heading, a description for those who cannot see it, and its numbers.
/// </summary>
internal abstract class Figure
{
    /// <summary>Width of a drawing, in its own units; a page shows it as wide as the text.</summary>
    protected const double Width = 760;

    /// <summary>Unique on the page.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>What is drawn and how to read it.</summary>
    public required string Caption { get; init; }

    /// <summary>The numbers behind the drawing.</summary>
    public required DataTable Table { get; init; }

    /// <summary>Height of the drawing.</summary>
    protected abstract double Height { get; }

    /// <summary>In a sentence, for those who cannot see the drawing.</summary>
    protected abstract string Description { get; }

    /// <summary>Draws.</summary>
    protected abstract void Draw(Markup page);

    /// <summary>What stands between heading and drawing: the meaning of lines or colours.</summary>
    protected virtual void WriteKey(Markup page) { }

    public void Write(Markup page)
    {
        page.Open("figure", ("id", Id));
        page.Open("figcaption").Element("h3", Title).Element("p", Caption).Close();
        WriteKey(page);
        page.Open("svg", ("viewBox", $"0 0 {Numbers.Place(Width)} {Numbers.Place(Height)}"), ("role", "img"),
            ("aria-labelledby", $"{Id}-title {Id}-desc"));
        page.Element("title", Title, ("id", $"{Id}-title")).Element("desc", Description, ("id", $"{Id}-desc"));
        Draw(page);
        page.Close();
        Table.Write(page, Title);
        page.Close();
    }

    /// <summary>A label in a drawing.</summary>
    protected static void Label(Markup page, double x, double y, string text, string style, string? transform = null)
    {
        if (transform is null)
            page.Element("text", text, ("x", Numbers.Place(x)), ("y", Numbers.Place(y)), ("class", style));
        else
            page.Element("text", text, ("transform", $"translate({Numbers.Place(x)} {Numbers.Place(y)}) {transform}"),
                ("class", style));
    }

    protected static void Line(Markup page, double x1, double y1, double x2, double y2, string style) => page.Empty("line",
        ("x1", Numbers.Place(x1)), ("y1", Numbers.Place(y1)), ("x2", Numbers.Place(x2)), ("y2", Numbers.Place(y2)),
        ("class", style));

    /// <summary>A name short enough for a drawing; the table has it whole.</summary>
    protected static string Short(string name, int most)
    {
        var text = new System.Globalization.StringInfo(name);
        return text.LengthInTextElements <= most ? name : text.SubstringByTextElements(0, most - 1) + "…";
    }
}
