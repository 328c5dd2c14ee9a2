namespace SequenceModels.Metrics;

/// <summary>White space as Python's <c>str.split</c> knows it: .NET's, and the four separators U+001C to U+001F.</summary>
internal static class WhiteSpace
{
    public static bool Contains(char unit) => char.IsWhiteSpace(unit) || unit is >= '\u001c' and <= '\u001f';

    /// <summary>Where the last character stands that is none; -1 where there is nothing else.</summary>
    public static int LastOther(ReadOnlySpan<char> text)
    {
        int last = text.Length - 1;
        while (last >= 0 && Contains(text[last]))
            last--;
        return last;
    }

    /// <summary>What stands between white space.</summary>
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = start;
            while (end < text.Length && !Contains(text[end]))
                end++;
            if (end > start)
                words.Add(text[start..end]);
        }
        return words;
    }
}
