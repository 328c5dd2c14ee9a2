using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace SequenceModels.Tests.Docs;

/// <summary>The course's pictures are there, whole, and readable by everyone.</summary>
public sealed partial class PicturesTests
{
    private static readonly string[] Committed =
        [.. Directory.EnumerateFiles(Repository.PathOf("docs", "concepts", "pictures"), "*.svg")
        .Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> CoursePages => [.. MarkdownPage.OfCourse().Select(page => page.Name)];

    public static TheoryData<string> AllPictures => [.. Committed];

    [Theory]
    [MemberData(nameof(CoursePages))]
    public void Each_page_of_the_course_shows_a_picture_that_is_there(string page)
    {
        string[] shown = [.. Picture().Matches(string.Join('\n', MarkdownPage.Read(page.Split('/')).Lines))
            .Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(shown);
        Assert.Empty(shown.Except(Committed));
    }

    [Fact]
    public void No_picture_is_left_over()
    {
        string pages = string.Join('\n', MarkdownPage.OfCourse().SelectMany(page => page.Lines));

        Assert.Empty(Committed.Except(Picture().Matches(pages).Select(match => match.Groups[1].Value)));
    }

    [Theory]
    [MemberData(nameof(AllPictures))]
    public void A_picture_is_well_formed_and_says_in_words_what_it_shows(string picture)
    {
        XElement svg = XElement.Load(Repository.PathOf("docs", "concepts", "pictures", picture));
        XNamespace names = "http://www.w3.org/2000/svg";

        Assert.Equal(names + "svg", svg.Name);
        Assert.NotNull(svg.Attribute("viewBox"));
        Assert.NotEqual("", svg.Element(names + "title")?.Value ?? "");
        Assert.NotEqual("", svg.Element(names + "desc")?.Value ?? "");
        Assert.Contains("prefers-color-scheme: dark", svg.Element(names + "style")?.Value ?? "", StringComparison.Ordinal);
        Assert.All(svg.DescendantsAndSelf().Attributes(), attribute => Assert.NotEqual("href", attribute.Name.LocalName));
    }

    [GeneratedRegex(@"!\[[^\]]+\]\(pictures/([^)]+)\)")]
    private static partial Regex Picture();
}
