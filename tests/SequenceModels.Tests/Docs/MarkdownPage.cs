using System.Text;
using System.Text.RegularExpressions;

namespace SequenceModels.Tests.Docs;

/// <summary>A page of the documentation, as far as tests ask: what it links to, its headings and its blocks of code.</summary>
internal sealed partial class MarkdownPage
{
    private static readonly string[] s_generated = ["artifacts", "bin", "obj", "node_modules", ".git", "TestResults"];

    private readonly string _prose;

    private MarkdownPage(string path)
    {
        Path = path;
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        Code = [.. Fence().Matches(text).Select(match => new CodeBlock(match.Groups["before"].Value,
            match.Groups["language"].Value, match.Groups["code"].Value))];
        _prose = InlineCode().Replace(Fence().Replace(text, "\n"), "");
        Headings = [.. Heading().Matches(Fence().Replace(text, "\n")).Select(match => match.Groups[1].Value)];
        // The second heading of the same words gets -1, and so on, as on the sites that show such pages.
        var seen = new Dictionary<string, int>();
        Anchors = [.. Headings.Select(heading =>
        {
            string anchor = AnchorOf(heading);
            int times = seen[anchor] = seen.GetValueOrDefault(anchor, -1) + 1;
            return times == 0 ? anchor : $"{anchor}-{times}";
        })];
    }

    public string Path { get; }

    /// <summary>The page's path from the root of the repository.</summary>
    public string Name => System.IO.Path.GetRelativePath(Repository.Root, Path).Replace('\\', '/');

    public IReadOnlyList<CodeBlock> Code { get; }

    /// <summary>Whether there is something to run.</summary>
    public bool HasProgram => Code.Any(block => block.IsToRun);

    public IReadOnlyList<string> Headings { get; }

    public IReadOnlyList<string> Anchors { get; }

    public string[] Lines => File.ReadAllLines(Path);

    /// <summary>Targets of links and pictures, as written.</summary>
    public IEnumerable<string> Links => Link().Matches(_prose).Select(match => match.Groups[1].Value)
        .Concat(ImageSource().Matches(_prose).Select(match => match.Groups[1].Value));

    public static MarkdownPage Read(params string[] parts) => new(Repository.PathOf(parts));

    /// <summary>The course's pages, which begin with a number.</summary>
    public static IEnumerable<MarkdownPage> OfCourse() =>
        All().Where(page => page.Name.StartsWith("docs/concepts/", StringComparison.Ordinal) &&
            char.IsAsciiDigit(System.IO.Path.GetFileName(page.Path)[0]));

    /// <summary>All pages of the repository.</summary>
    public static IEnumerable<MarkdownPage> All() => Files(Repository.Root).Order(StringComparer.Ordinal)
        .Select(path => new MarkdownPage(path));

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.md")
        .Concat(Directory.EnumerateDirectories(folder)
        .Where(inner => !s_generated.Contains(System.IO.Path.GetFileName(inner))).SelectMany(Files));

    private static string AnchorOf(string heading)
    {
        var anchor = new StringBuilder();
        foreach (char c in LinkText().Replace(heading, "$1").Trim().ToLowerInvariant())
            if (c is ' ' or '-')
                anchor.Append('-');
            else if (char.IsLetterOrDigit(c) || c == '_')
                anchor.Append(c);
        return anchor.ToString();
    }

    [GeneratedRegex(@"(?:^|(?<=\n))(?<before>[^\n]*\n\n?)?```(?<language>[^\n]*)\n(?<code>.*?)(?<=\n)```[ ]*(?=\n|$)",
        RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^#{1,6} +(.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("""<img[^>]*\ssrc="([^"]+)""")]
    private static partial Regex ImageSource();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();
}

/// <summary>A block of code on a page.</summary>
/// <param name="Before">The line before it; a comment there says where the code is from.</param>
/// <param name="Language">What stands behind the opening fence.</param>
/// <param name="Text">The code.</param>
internal sealed record CodeBlock(string Before, string Language, string Text)
{
    /// <summary>
    /// Whether the page's reader is to run it: code that is shown from a file, or as an example of a test, is run there.
    /// </summary>
    public bool IsToRun => Language.Trim() == "csharp" && !Before.StartsWith(SourceLines.Opening, StringComparison.Ordinal);
}
