using Xunit;

namespace SequenceModels.Tests.Docs;

/// <summary>Every page of the repository: its links lead somewhere, and its code compiles and runs.</summary>
public class PageTests
{
    private static readonly Lazy<Dictionary<string, MarkdownPage>> s_pages =
        new(() => MarkdownPage.All().ToDictionary(page => page.Path));

    public static TheoryData<string> PagesWithCode =>
        [.. s_pages.Value.Values.Where(page => page.HasProgram).Select(page => page.Name)];

    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading()
    {
        string[] dead =
            [.. s_pages.Value.Values.SelectMany(page => page.Links.Where(link => !Leads(page, link))
                .Select(link => $"{page.Name}: {link}"))];
        Assert.True(dead.Length == 0, "Links that lead nowhere:\n" + string.Join('\n', dead));
        Assert.Contains(s_pages.Value.Values, page => page.Links.Any(link => link.Contains(".md#", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_guide_and_concept_is_found_from_the_index()
    {
        foreach (string folder in new[] { "concepts", "guides" })
            foreach (string file in Directory.EnumerateFiles(Repository.PathOf("docs", folder), "*.md"))
                Assert.Contains(file, Reachable(Repository.PathOf("docs", "README.md")));
    }

    [Fact]
    public void Every_page_of_the_course_has_a_program() =>
        Assert.Empty(MarkdownPage.OfCourse().Select(page => page.Name).Except(PagesWithCode.Select(page => page.Data)));

    [Theory]
    [MemberData(nameof(PagesWithCode))]
    public void The_code_of_a_page_runs(string page) => Assert.NotEmpty(PageRun.OutputOf(page));

    private static HashSet<string> Reachable(string start)
    {
        var seen = new HashSet<string> { start };
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out string? path))
            foreach (string link in s_pages.Value[path].Links.Where(link => !link.Contains("://", StringComparison.Ordinal)))
                if (s_pages.Value.ContainsKey(Target(s_pages.Value[path], link)) && seen.Add(Target(s_pages.Value[path], link)))
                    open.Enqueue(Target(s_pages.Value[path], link));
        return seen;
    }

    private static bool Leads(MarkdownPage page, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal))
            return Uri.TryCreate(link, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps;
        string target = Target(page, link);
        if (!File.Exists(target) && !Directory.Exists(target))
            return false;
        int mark = link.IndexOf('#', StringComparison.Ordinal);
        return mark < 0 || (s_pages.Value.TryGetValue(target, out MarkdownPage? there) &&
            there.Anchors.Contains(Uri.UnescapeDataString(link[(mark + 1)..])));
    }

    private static string Target(MarkdownPage page, string link)
    {
        string path = Uri.UnescapeDataString(link.Split('#')[0]);
        return path.Length == 0 ? page.Path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.Path)!, path));
    }
}
