using Xunit;

namespace SequenceModels.Tests.Docs;

/// <summary>Pages that show lines of the source show the lines that are there.</summary>
public sealed class SourceLinesTests
{
    public static TheoryData<string> AllPages => [.. MarkdownPage.All().Select(page => page.Name)];

    public static TheoryData<string> CoursePages => [.. MarkdownPage.OfCourse().Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Lines_of_the_source_are_those_that_a_page_shows(string page)
    {
        foreach (SourceLines shown in SourceLines.Of(MarkdownPage.Read(page.Split('/')).Lines))
        {
            string file = Repository.PathOf(shown.File);
            Assert.True(File.Exists(file), $"{page}, line {shown.Line}: there is no {shown.File}.");
            Assert.True(shown.AreIn(File.ReadAllLines(file)),
                $"{page}, line {shown.Line}: these lines do not follow each other in {shown.File}:\n" +
                string.Join('\n', shown.Code));
        }
    }

    [Theory]
    [MemberData(nameof(CoursePages))]
    public void Each_page_of_the_course_shows_where_its_idea_is_in_the_source(string page) =>
        Assert.NotEmpty(SourceLines.Of(MarkdownPage.Read(page.Split('/')).Lines));

    [Theory]
    [InlineData("a = 1;|b = 2;", true)]
    [InlineData("    a = 1;|    b = 2;", true)]     // indented as a whole
    [InlineData("if (b)|    c();", true)]
    [InlineData("a = 1;|    b = 2;", false)]        // indented otherwise
    [InlineData("a = 1;|b = 3;", false)]            // another line
    [InlineData("a = 1;|if (b)", false)]            // a line between them left out
    [InlineData("c();|}|d", false)]                 // beyond the end
    public void Lines_that_drifted_are_noticed(string shown, bool found)
    {
        string[] source = ["{", "    a = 1;", "    b = 2;", "    if (b)", "        c();", "}"];
        string[] page = ["Text.", "<!-- source: src/A.cs -->", "```csharp", .. shown.Split('|'), "```", "More text."];

        SourceLines lines = Assert.Single(SourceLines.Of(page));

        Assert.Equal("src/A.cs", lines.File);
        Assert.Equal(2, lines.Line);
        Assert.Equal(found, lines.AreIn(source));
    }

    [Theory]
    [InlineData("<!-- source: src/A.cs -->")]
    [InlineData("<!-- source: src/A.cs -->", "", "```csharp", "a", "```")]
    [InlineData("<!-- source: src/A.cs -->", "```csharp", "```")]
    [InlineData("<!-- source: src/A.cs -->", "```csharp", "a")]
    public void A_source_without_lines_is_a_mistake(params string[] page) =>
        Assert.Throws<FormatException>(() => SourceLines.Of(page).ToArray());
}
