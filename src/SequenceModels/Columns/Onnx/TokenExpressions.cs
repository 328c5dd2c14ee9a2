using SequenceModels.Text;

namespace SequenceModels.Columns;

/// <summary>How tokens are cut, as regular expressions of RE2, which the operator Tokenizer reads.</summary>
/// <remarks>
/// They say where our own tokens begin and end as far as expressions can: text elements are approximated by a character with the
/// marks, joiners and modifiers behind it, pairs of regional indicators, and jamo. Invisible characters, which the library leaves
/// out of a text, separate tokens here.
/// </remarks>
internal static class TokenExpressions
{
    private const string Space = @"\t-\r \x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}";

    /// <summary>A character of white space.</summary>
    public const string WhiteSpace = $"[{Space}]";

    /// <summary>White space, as much as there is, or another character that is seen; both without those behind them.</summary>
    public const string SpacesOrOne = $@"[{Space}]+|[^{Space}\p{{Cc}}\p{{Cf}}]";

    /// <summary>What a character may have behind it: marks, joiners, colours of skin, tags; an emoji after a joiner.</summary>
    private const string Behind =
        @"(?:[\p{M}\x{E33}\x{EB3}\x{200C}\x{200D}\x{1F3FB}-\x{1F3FF}\x{E0020}-\x{E007F}]|\x{200D}\p{So})*";

    private const string Flag = @"[\x{1F1E6}-\x{1F1FF}]{2}" + Behind;

    private const string Jamo = @"[\x{1100}-\x{115F}\x{A960}-\x{A97C}]*[\x{AC00}-\x{D7A3}\x{1160}-\x{11A7}\x{D7B0}-\x{D7C6}]" +
        @"[\x{1160}-\x{11FF}\x{D7B0}-\x{D7FB}]*" + Behind;

    /// <summary>The expression that finds one token.</summary>
    /// <param name="kind">Words, whitespace or characters.</param>
    public static string Of(TokenKind kind) => kind switch
    {
        TokenKind.Words =>
            $@"(?:[\p{{L}}\p{{M}}\p{{Nd}}]{Behind})+|[^{Space}\p{{L}}\p{{M}}\p{{Nd}}\p{{Cc}}\p{{Cf}}]{Behind}|{Flag}",
        TokenKind.Whitespace => $"[^{Space}]+",
        TokenKind.Characters => $@"\r\n|[\t-\r\x{{85}}]|[^\p{{Cc}}\p{{Cf}}]{Behind}|{Flag}|{Jamo}",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no expression for it."),
    };
}
