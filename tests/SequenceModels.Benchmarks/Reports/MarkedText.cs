namespace SequenceModels.Benchmarks.Reports;

/// <summary>A stretch of a document between two HTML comments, which a program may rewrite without touching the rest.</summary>
internal static class MarkedText
{
    /// <summary>The text with that stretch replaced; null if the marks are not there.</summary>
    public static string? TryReplace(string text, string name, string content)
    {
        string begin = Begin(name), end = End(name);
        int from = text.IndexOf(begin, StringComparison.Ordinal), to = text.IndexOf(end, StringComparison.Ordinal);
        return from < 0 || to < from ? null : text[..from] + Mark(name, content) + text[(to + end.Length)..];
    }

    public static string Replace(string text, string name, string content) => TryReplace(text, name, content)
        ?? throw new ArgumentException($"The text has no marks {Begin(name)} and {End(name)}.");

    /// <summary>The content between its marks.</summary>
    public static string Mark(string name, string content) =>
        $"{Begin(name)}\n{content.ReplaceLineEndings("\n").Trim()}\n{End(name)}";

    private static string Begin(string name) => $"<!-- {name} -->";

    private static string End(string name) => $"<!-- end of {name} -->";
}
