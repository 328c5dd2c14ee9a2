using System.Globalization;

namespace SequenceModels;

/// <summary>A count with its noun, for messages: "1 row", "2 rows".</summary>
internal static class Counted
{
    /// <param name="count">How many.</param>
    /// <param name="noun">Of what, as one of them is called; "es" follows an s, "s" anything else.</param>
    public static string Of(long count, string noun) => Of(count, noun, noun.EndsWith('s') ? noun + "es" : noun + "s");

    /// <param name="count">How many.</param>
    /// <param name="one">What one is called.</param>
    /// <param name="many">What several, or none, are called.</param>
    public static string Of(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
