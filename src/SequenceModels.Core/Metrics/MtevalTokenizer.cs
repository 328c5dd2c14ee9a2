using System.Text.RegularExpressions;

namespace SequenceModels.Metrics;

/// <summary>Cuts texts as mteval-v13a does, in the form that sacreBLEU gives it.</summary>
/// <remarks>
/// Of Unicode it knows nothing: marks beyond ASCII stay with their words, and only 0 to 9 are digits. White space is what Python
/// takes for it.
/// </remarks>
internal static partial class MtevalTokenizer
{
    /// <summary>The text with a space wherever a token ends.</summary>
    public static string Separate(string text)
    {
        // White space at the end goes first: else a last "-\n" would lose its dash.
        text = text[..(WhiteSpace.LastOther(text) + 1)];
        text = text.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal)
            .Replace('\n', ' ');
        if (text.Contains('&', StringComparison.Ordinal))
            text = text.Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
                .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        text = Symbol().Replace($" {text} ", " $0 ");
        text = PointAfterOther().Replace(text, "$1 $2 ");
        text = PointBeforeOther().Replace(text, " $1 $2");
        return DashAfterDigit().Replace(text, "$1 $2 ");
    }

    /// <summary>ASCII's signs but apostrophe, comma, hyphen and point.</summary>
    [GeneratedRegex("[!-&(-+/:-@[-`{-~]", RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();

    [GeneratedRegex("([^0-9])([.,])", RegexOptions.CultureInvariant)]
    private static partial Regex PointAfterOther();

    [GeneratedRegex("([.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex PointBeforeOther();

    [GeneratedRegex("([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex DashAfterDigit();
}
