using System.Xml.Linq;
using SequenceModels.Reports;
using Xunit;

namespace SequenceModels.Tests.Reports;

public class ExplanationPageTests
{
    private static readonly ExplainedText s_text = new("good & <new>", 2.5, -0.5, ["It", "'s", " un", "believable", " <b>", " !"],
        ["it", "'s", "un", "##believable", "<b>", "!"], [0, 0.1f, 1, 2, -0.5f, 0.001f]);

    [Fact]
    public void A_text_is_shown_as_it_reads_and_its_tokens_as_they_count()
    {
        XDocument page = Parse([s_text]);
        XElement text = page.Descendants("p").Single(p => p.Attribute("class")?.Value == "shares");
        Assert.Equal("It's unbelievable <b> !", text.Value);
        Assert.Equal([("un", "for l4"), ("believable", "for l8"), ("<b>", "against l2")],
            text.Elements("span").Select(span => (span.Value, span.Attribute("class")!.Value)));
        Assert.Equal("Row 1: good & <new>", page.Descendants("h3").Single().Value);
        Assert.Equal(["it", "'s", "un", "##believable", "<b>", "!"],
            page.Descendants("tbody").Single().Descendants("th").Select(cell => cell.Value));
    }

    [Fact]
    public void A_page_is_whole_and_reaches_for_nothing()
    {
        ExplainedText nothing = new("none", 0, 0, [], [], []), even = new("even", 1, 1, ["a"], ["a"], [0]);
        XDocument page = Parse([s_text, nothing, even]);
        Assert.DoesNotContain("://", page.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "img");
        Assert.Equal(3, page.Descendants("article").Count());
        Assert.Empty(Parse([]).Descendants("article"));
    }

    private static XDocument Parse(ExplainedText[] texts)
    {
        string page = ExplanationPage.Render(texts);
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        return XDocument.Parse(page["<!DOCTYPE html>".Length..], LoadOptions.PreserveWhitespace);
    }
}
