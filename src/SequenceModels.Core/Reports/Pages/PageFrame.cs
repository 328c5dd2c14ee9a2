namespace SequenceModels.Reports;

/// <summary>What all pages have: head, style, a way past the header, contents, and a place for sections.</summary>
internal static class PageFrame
{
    /// <summary>Writes a whole page.</summary>
    /// <param name="title">Of the page.</param>
    /// <param name="lead">What it is about, in a sentence.</param>
    /// <param name="facts">Names and values for the head of the page.</param>
    /// <param name="sections">Heading and content of each section; one without figures writes a paragraph.</param>
    public static string Render(string title, string lead, IReadOnlyList<(string Name, string Value)> facts,
        IReadOnlyList<(string Heading, Action<Markup> Content)> sections)
    {
        var page = new Markup();
        page.Open("html", ("lang", "en")).Open("head").Empty("meta", ("charset", "utf-8"));
        // The page loads and runs nothing, whatever the names in it look like.
        page.Empty("meta", ("http-equiv", "Content-Security-Policy"),
            ("content", "default-src 'none'; style-src 'unsafe-inline'"));
        page.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        page.Element("title", title).Style(ReportStyle.Css).Close();
        page.Open("body").Element("a", "Skip to the figures", ("class", "skip"), ("href", "#figures"));
        page.Open("header").Element("h1", title).Element("p", lead, ("class", "lead"));
        page.Open("dl", ("class", "facts"));
        foreach ((string name, string value) in facts)
            page.Open("div").Element("dt", name).Element("dd", value).Close();
        page.Close().Open("nav", ("aria-label", "Contents")).Open("ul");
        for (int i = 0; i < sections.Count; i++)
            page.Open("li").Element("a", sections[i].Heading, ("href", Invariant($"#section-{i + 1}"))).Close();
        page.Close().Close().Close();
        page.Open("main", ("id", "figures"), ("tabindex", "-1"));
        for (int i = 0; i < sections.Count; i++)
        {
            page.Open("section", ("aria-labelledby", Invariant($"section-{i + 1}")))
                .Element("h2", sections[i].Heading, ("id", Invariant($"section-{i + 1}")));
            sections[i].Content(page);
            page.Close();
        }
        page.Close().Element("footer", "Every chart has its numbers in a table below it.").Close().Close();
        return page.ToString();
    }
}
