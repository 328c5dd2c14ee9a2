using System.Globalization;
using System.Text;

namespace SequenceModels.Text;

/// <summary>Walks over the tokens of a text without copying any.</summary>
/// <remarks>
/// Text elements are the extended grapheme clusters of Unicode Standard Annex 29: what a reader takes for one character, be it
/// a letter with accents, a syllable of jamo, or a family of emoji.
/// </remarks>
internal ref struct TokenRanges(ReadOnlySpan<char> text, TokenKind kind)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _next;

    /// <summary>Where the token begins.</summary>
    public int Start { get; private set; }

    /// <summary>How many UTF-16 units it has.</summary>
    public readonly int Length => _next - Start;

    /// <summary>The token.</summary>
    public readonly ReadOnlySpan<char> Current => _text[Start.._next];

    /// <summary>Goes to the next token; false when there is none.</summary>
    public bool MoveNext()
    {
        if (kind is not (TokenKind.Characters or TokenKind.CodePoints))
            while (_next < _text.Length && IsSpace(_text[_next]))
                _next++;
        Start = _next;
        if (_next == _text.Length)
            return false;
        if (kind == TokenKind.Whitespace)
            while (_next < _text.Length && !IsSpace(_text[_next]))
                _next++;
        else if (kind == TokenKind.CodePoints)
            _next += char.IsHighSurrogate(_text[_next]) && _next + 1 < _text.Length ? 2 : 1; // prepared: no half of a pair
        else if (kind == TokenKind.Words && IsInWord(_text[_next..]))
            while (_next < _text.Length && IsInWord(_text[_next..]))
                _next += ElementLength(_text[_next..]);
        else
            _next += ElementLength(_text[_next..]);
        return true;
    }

    // No white space lies beyond the Basic Multilingual Plane, so units will do.
    private static bool IsSpace(char unit) => char.IsWhiteSpace(unit);

    /// <summary>Whether a text element counts as part of a word is up to its first rune; joiners follow what they join.</summary>
    private static bool IsInWord(ReadOnlySpan<char> rest)
    {
        if (char.IsAscii(rest[0]))
            return char.IsAsciiLetterOrDigit(rest[0]);
        Rune.DecodeFromUtf16(rest, out Rune first, out _);
        return IsOfWord(first);
    }

    /// <summary>Whether a rune is a letter, a mark or a digit, which words are made of.</summary>
    public static bool IsOfWord(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber;

    private static int ElementLength(ReadOnlySpan<char> rest)
    {
        // No two characters below U+0300 are one text element, except the line end CR LF.
        bool single = rest[0] < '\u0300' && (rest.Length == 1 || rest[1] < '\u0300');
        if (single)
            return rest[0] == '\r' && rest.Length > 1 && rest[1] == '\n' ? 2 : 1;
        return StringInfo.GetNextTextElementLength(rest);
    }
}
