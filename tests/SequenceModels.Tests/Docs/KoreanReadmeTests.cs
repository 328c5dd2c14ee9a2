using System.Text.RegularExpressions;
using Xunit;

namespace SequenceModels.Tests.Docs;

/// <summary>The Korean readme has what the English one has, in its order.</summary>
public partial class KoreanReadmeTests
{
    private static readonly MarkdownPage s_english = MarkdownPage.Read("README.md"), s_korean = MarkdownPage.Read("README.ko.md");

    [Fact]
    public void Headings_stand_on_the_same_levels() => Assert.Equal(Levels(s_english), Levels(s_korean));

    [Fact]
    public void Code_is_the_same() => Assert.Equal(s_english.Code.Select(block => (block.Language, block.Text)),
        s_korean.Code.Select(block => (block.Language, block.Text)));

    [Fact]
    public void Each_bullet_and_each_row_of_the_last_table_has_its_counterpart()
    {
        string english = File.ReadAllText(s_english.Path), korean = File.ReadAllText(s_korean.Path);
        Assert.Equal(Bullet().Count(english), Bullet().Count(korean));
        Assert.Equal(FolderRow().Matches(english).Select(row => row.Groups[1].Value),
            FolderRow().Matches(korean).Select(row => row.Groups[1].Value));
        string[] names = [.. CodeName().Matches(Table(english)).Select(name => name.Value)];
        Assert.Equal(names, CodeName().Matches(Table(korean)).Select(name => name.Value));
        Assert.Contains("`QuickStart.cs`", names);
    }

    private static string Table(string page) => page[page.LastIndexOf("|---|---|", StringComparison.Ordinal)..];

    private static IEnumerable<int> Levels(MarkdownPage page) =>
        Heading().Matches(FencedCode().Replace(File.ReadAllText(page.Path), "")).Select(heading => heading.Groups[1].Length);

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex FencedCode();

    [GeneratedRegex("^(#+) ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^- ", RegexOptions.Multiline)]
    private static partial Regex Bullet();

    [GeneratedRegex(@"^\| \[([^\]]+)\]", RegexOptions.Multiline)]
    private static partial Regex FolderRow();

    [GeneratedRegex(@"`\w+\.cs`")]
    private static partial Regex CodeName();
}
