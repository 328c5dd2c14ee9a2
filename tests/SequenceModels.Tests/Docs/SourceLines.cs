namespace SequenceModels.Tests.Docs;

/// <summary>
/// A code block of a page that shows lines of a source file, named in a comment above it: &lt;!-- source: path --&gt;.
/// </summary>
/// <param name="Line">The comment's line in the page, from 1.</param>
/// <param name="File">The source file, relative to the repository.</param>
/// <param name="Code">The lines shown.</param>
internal sealed record SourceLines(int Line, string File, IReadOnlyList<string> Code)
{
    public const string Opening = "<!-- source:";

    private const string Closing = "-->", Fence = "```";

    /// <summary>The blocks of a page.</summary>
    /// <exception cref="FormatException">A comment names a source, but no closed code block follows it.</exception>
    public static IEnumerable<SourceLines> Of(IReadOnlyList<string> page)
    {
        for (int i = 0; i < page.Count; i++)
        {
            if (!page[i].StartsWith(Opening, StringComparison.Ordinal))
                continue;
            string file = page[i][Opening.Length..].Replace(Closing, "", StringComparison.Ordinal).Trim();
            string[] code = [.. page.Skip(i + 2).TakeWhile(line => !line.StartsWith(Fence, StringComparison.Ordinal))];
            if (code.Length == 0 || !page[i + 1].StartsWith(Fence, StringComparison.Ordinal) || i + 2 + code.Length == page.Count)
                throw new FormatException($"Line {i + 1} names the source {file}, but no code block follows in the next line.");
            yield return new SourceLines(i + 1, file, code);
        }
    }

    /// <summary>
    /// Whether the lines stand in a source one after the other; how far they are indented as a whole does not matter.
    /// </summary>
    public bool AreIn(IReadOnlyList<string> source)
    {
        string wanted = Flush(Code);
        return Enumerable.Range(0, Math.Max(0, source.Count - Code.Count + 1))
            .Any(first => Flush([.. source.Skip(first).Take(Code.Count)]) == wanted);
    }

    private static string Flush(IReadOnlyList<string> lines)
    {
        int indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length)
            .DefaultIfEmpty().Min();
        return string.Join('\n', lines.Select(line => line.Trim().Length > 0 ? line[indent..].TrimEnd() : ""));
    }
}
