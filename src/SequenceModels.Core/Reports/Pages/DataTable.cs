namespace SequenceModels.Reports;

/// <summary>The numbers behind a figure, closed until the reader opens them; in print they are open.</summary>
/// <param name="headers">Of the columns; the first column names the rows.</param>
/// <param name="rows">Texts of the cells.</param>
internal sealed class DataTable(IReadOnlyList<string> headers, IReadOnlyList<string[]> rows)
{
    private const int MostRows = 200;

    /// <summary>Says what the table leaves out; null: nothing but what the number of rows asks for.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the cells hold words rather than numbers.</summary>
    public bool IsText { get; init; }

    public void Write(Markup page, string title)
    {
        page.Open("details").Element("summary", "Table");
        WriteOpen(page, title);
        page.Close();
    }

    /// <summary>Without anything that folds.</summary>
    public void WriteOpen(Markup page, string title)
    {
        int stride = (rows.Count + MostRows - 1) / MostRows;
        string? note = stride > 1 ? Invariant($"1 row in {stride} of {Numbers.Count(rows.Count, "row")}, and the last.") : Note;
        // What can be scrolled must be reachable by keyboard.
        page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", $"Table: {title}"));
        page.Open("table", ("class", (IsText ? "words" : "numbers") + (headers.Count > 10 ? " wide" : "")));
        page.Element("caption", note is null ? title : $"{title}. {note}");
        page.Open("thead").Open("tr");
        foreach (string header in headers)
            page.Element("th", header, ("scope", "col"));
        page.Close().Close().Open("tbody");
        for (int i = 0; i < rows.Count; i++)
        {
            if (i % Math.Max(1, stride) != 0 && i != rows.Count - 1)
                continue;
            page.Open("tr").Element("th", rows[i][0], ("scope", "row"), ("dir", "auto"));
            foreach (string cell in rows[i].AsSpan(1))
                page.Element("td", cell, ("dir", "auto"));
            page.Close();
        }
        page.Close().Close().Close();
    }
}
