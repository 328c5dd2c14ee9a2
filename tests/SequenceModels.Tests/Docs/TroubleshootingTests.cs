using System.Text.RegularExpressions;
using Xunit;

namespace SequenceModels.Tests.Docs;

/// <summary>The messages that the guide to errors explains are messages of the library.</summary>
public partial class TroubleshootingTests
{
    [Fact]
    public void Every_explained_message_is_one_of_ours()
    {
        // A message may be cut into several literals.
        string sources = string.Join('\n', Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Joint().Replace(File.ReadAllText(file), "")));
        string[] messages = [.. MarkdownPage.Read("docs", "guides", "troubleshooting.md").Headings
            .Where(heading => heading.StartsWith('`')).Select(heading => heading.Trim('`'))];
        Assert.True(messages.Length >= 10);
        Assert.DoesNotContain(messages, message => !sources.Contains(message, StringComparison.Ordinal));
    }

    [GeneratedRegex("""
        "\s*\+\s*\$?"
        """)]
    private static partial Regex Joint();
}
