using System.Xml;
using System.Xml.Linq;
using SequenceModels.Kernels;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Reports;

public class ReportPageTests
{
    private static readonly TrainingEpoch[] s_history = [.. Enumerable.Range(1, 12).Select(i => Insights.Epoch(i))];

    public static TheoryData<string> Pages =>
        ["LSTM", "GRU", "RNN", "numbers", "nothing known", "long", "many classes", "compared",
        "translation", "translation without attention", "translation, nothing known"];

    private static string Page(string name)
    {
        if (name == "numbers")
            return Render(Insights.Measure(Insights.Frames("GRU")));
        if (name == "nothing known")
            return ReportPage.Render(Insights.Measure(Insights.Tokens("LSTM")).Network, [], null);
        if (name == "long")
        {
            (SequenceNetwork network, NetworkInsight insight) =
                Insights.Measure(Insights.Frames("LSTM"), count: 6, longest: 5000);
            return ReportPage.Render(network, [.. Enumerable.Range(1, 1000).Select(i => Insights.Epoch(i))], insight);
        }
        if (name == "many classes")
            return Render(Insights.Measure(Insights.Tokens("GRU", classes: 300), count: 2000));
        if (name.StartsWith("translation", StringComparison.Ordinal))
        {
            (SequenceTranslator translator, TranslationInsight insight) =
                TranslatorInsights.Measure(name == "translation" ? AttentionKind.General : AttentionKind.None);
            return TranslatorInsights.Page(translator, name.Contains("nothing", StringComparison.Ordinal) ? null : insight);
        }
        if (name == "compared")
            return ComparisonPage.Render([.. new[] { "RNN", "GRU", "LSTM" }.Select(cell =>
            {
                (SequenceNetwork network, NetworkInsight insight) = Insights.Measure(Insights.Tokens(cell));
                return new ComparedNetwork { Network = network, History = s_history, Before = insight.Layers, After = insight };
            })]);
        return Render(Insights.Measure(Insights.Tokens(name)));

        static string Render((SequenceNetwork Network, NetworkInsight Insight) measured) =>
            ReportPage.Render(measured.Network, s_history, measured.Insight);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_whole_and_reaches_for_nothing(string name)
    {
        string page = Page(name);
        XDocument document = Parse(page);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain(document.Descendants(), e =>
            e.Name.LocalName is "script" or "link" or "img" or "iframe" or "object");
        Assert.All(document.Descendants().Attributes("href"), href =>
            Assert.StartsWith("#", href.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(document.Descendants().Attributes(), a =>
            a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Equal("en", document.Root!.Attribute("lang")!.Value);
        Assert.InRange(page.Length, 1000, 600_000);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_figure_has_a_heading_a_description_and_its_numbers(string name)
    {
        XDocument document = Parse(Page(name));
        Assert.All(document.Descendants("figure"), figure =>
        {
            Assert.Single(figure.Element("figcaption")!.Elements("h3"));
            XElement drawing = Assert.Single(figure.Elements("svg"));
            Assert.Equal("img", drawing.Attribute("role")!.Value);
            foreach (string id in drawing.Attribute("aria-labelledby")!.Value.Split(' '))
                Assert.NotEmpty(drawing.Elements().Single(e => e.Attribute("id")?.Value == id).Value);
            XElement table = Assert.Single(figure.Elements("details")).Descendants("table").Single();
            int columns = table.Descendants("thead").Single().Descendants("th").Count();
            Assert.NotEmpty(table.Element("tbody")!.Elements("tr"));
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(columns, row.Elements().Count()));
            Assert.InRange(table.Element("tbody")!.Elements("tr").Count(), 1, 201);
        });
        if (!name.EndsWith("nothing known", StringComparison.Ordinal))
            Assert.NotEmpty(document.Descendants("figure"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Headings_follow_each_other_and_names_are_used_once(string name)
    {
        XDocument document = Parse(Page(name));
        int[] levels = [.. document.Descendants().Select(e => e.Name.LocalName)
            .Where(n => n.Length == 2 && n[0] == 'h' && char.IsDigit(n[1])).Select(n => n[1] - '0')];
        Assert.Equal(1, levels[0]);
        Assert.Single(levels, 1);
        for (int i = 1; i < levels.Length; i++)
            Assert.True(levels[i] <= levels[i - 1] + 1);
        string[] ids = [.. document.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        foreach (string target in document.Descendants().Attributes("href").Select(href => href.Value[1..]))
            Assert.Contains(target, ids);
    }

    [Fact]
    public void Names_that_look_like_markup_are_text()
    {
        const string Hostile = "</td><script>alert('1')</script> & \"x\" \0\u0007\uD800 \uFFFF";
        (SequenceNetwork network, NetworkInsight insight) = Insights.Measure(Insights.Tokens("LSTM"), names: new InsightNames
        {
            Class = index => $"{Hostile}{index}",
            Token = key => $"{Hostile}{key}",
        });
        string page = ReportPage.Render(network, s_history, insight with { Rows = Hostile });
        XDocument document = Parse(page);
        Assert.Empty(document.Descendants("script"));
        Assert.Contains(document.Descendants("th"), th =>
            th.Value.StartsWith("</td><script>alert('1')</script> & \"x\"", StringComparison.Ordinal));
        Assert.Contains(document.Descendants("td"), td => td.Value.StartsWith("</td><script>", StringComparison.Ordinal));
    }

    [Fact]
    public void Many_classes_are_a_table_of_the_largest_confusions()
    {
        XDocument document = Parse(Page("many classes"));
        Assert.DoesNotContain(document.Descendants("figure"), figure => figure.Attribute("id")!.Value == "confusion");
        XElement table = document.Descendants("table")
            .Single(t => t.Element("caption")!.Value.StartsWith("Largest confusions", StringComparison.Ordinal));
        Assert.Equal(30, table.Element("tbody")!.Elements("tr").Count());
    }

    [Fact]
    public void The_matrix_counts_what_the_network_says()
    {
        (SequenceNetwork network, NetworkInsight insight) = Insights.Measure(Insights.Tokens("GRU"), count: 50);
        SequenceDataset data = Insights.Rows(Insights.Tokens("GRU"), 50);
        Assert.Equal(50, insight.Predictions.Count);
        int right = 0;
        for (int row = 0; row < 50; row++)
        {
            float[] scores = network.Score(data.Tokens(row));
            right += Array.IndexOf(scores, scores.Max()) == (int)data.Labels(row)[0] ? 1 : 0;
        }
        Assert.Equal(right / 50.0, insight.Predictions.Accuracy, 1e-12);
    }

    [Fact]
    public void Shares_are_of_the_examples_of_a_class_not_of_what_was_predicted()
    {
        (SequenceNetwork network, NetworkInsight insight) = Insights.Measure(Insights.Tokens("RNN", classes: 2), count: 8);
        XDocument document = Parse(ReportPage.Render(network, [], insight with
        {
            Predictions = new Predictions
            {
                Classes = 2, ClassNames = ["x", "y"], Confusion = [new(0, 0, 1), new(0, 1, 3), new(1, 1, 4)], Numbers = [],
                RootMeanSquaredError = double.NaN, Count = 8,
            },
        }));
        string[] Rows(XElement table) =>
            [.. table.Descendants("tr").Select(row => string.Join(' ', row.Elements().Select(cell => cell.Value)))];
        XElement matrix = document.Descendants("figure").Single(figure => figure.Attribute("id")!.Value == "confusion");
        Assert.Equal(["class as x as y right", "x 1 3 25 %", "y 0 4 100 %"], Rows(matrix.Descendants("table").Single()));
        Assert.Equal(["0.25", "0.75", "0", "1"], matrix.Elements("svg").Single().Elements("rect")
            .Select(cell => cell.Attribute("fill-opacity")!.Value));
        Assert.Equal(["class taken for rows share of the class", "x y 3 75 %"],
            Rows(document.Descendants("table").Single(table =>
                table.Element("caption")?.Value.StartsWith("Largest confusions", StringComparison.Ordinal) == true)));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1234567, "1,234,567")]
    [InlineData(0.123456, "0.1235")]
    [InlineData(-12.5, "−12.5")]
    [InlineData(0.00012, "1.2 × 10⁻⁴")]
    [InlineData(double.PositiveInfinity, "∞")]
    [InlineData(double.NaN, "–")]
    public void Numbers_read_the_same_everywhere(double value, string text) => Assert.Equal(text, Numbers.Of(value));

    private static XDocument Parse(string page)
    {
        using var reader =
            XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
