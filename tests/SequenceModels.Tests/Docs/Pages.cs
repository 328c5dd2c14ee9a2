namespace SequenceModels.Tests.Docs;

/// <summary>The pages of the documentation, and those of the course on sequence models.</summary>
internal static class Pages
{
    public static string Folder { get; } = Repository.PathOf("docs");

    public static string CourseFolder { get; } = Repository.PathOf("docs", "concepts");

    /// <summary>Every page, as paths relative to the docs folder.</summary>
    public static IEnumerable<string> All => Directory.EnumerateFiles(Folder, "*.md", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    /// <summary>The course's pages, which begin with a number; as in <see cref="All"/>.</summary>
    public static IEnumerable<string> OfCourse => All.Where(page => page.StartsWith("concepts/", StringComparison.Ordinal) &&
        char.IsAsciiDigit(page["concepts/".Length]));

    public static string[] Lines(string page) => File.ReadAllLines(Path.Combine(Folder, page));
}
