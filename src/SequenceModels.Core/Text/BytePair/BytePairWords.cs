using System.Globalization;
using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// Cuts a text into the words that byte pairs are merged within: a run of letters, of digits or of anything else visible,
/// with one space before it; English contractions; other white space. Nothing is lost: the words are the text.
/// </summary>
/// <remarks>
/// The pattern of GPT-2: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>. Where
/// <paramref name="marksInWords"/>, marks count as letters, without which words of Indic scripts fall apart.
/// </remarks>
internal ref struct BytePairWords(ReadOnlySpan<char> text, bool marksInWords)
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private readonly ReadOnlySpan<char> _text = text;
    private int _next;

    /// <summary>Where the word begins.</summary>
    public int Start { get; private set; }

    /// <summary>The word.</summary>
    public readonly ReadOnlySpan<char> Current => _text[Start.._next];

    /// <summary>Goes to the next word; false when there is none.</summary>
    public bool MoveNext()
    {
        Start = _next;
        if (_next == _text.Length)
            return false;
        ReadOnlySpan<char> rest = _text[_next..];
        if (rest[0] == '\'')
            foreach (string contraction in Contractions)
                if (rest.StartsWith(contraction, StringComparison.Ordinal))
                {
                    _next += contraction.Length;
                    return true;
                }
        int begin = rest[0] == ' ' && rest.Length > 1 && !char.IsWhiteSpace(rest[1]) ? 1 : 0;
        _next += char.IsWhiteSpace(rest[begin]) ? SpaceLength(rest) : begin + RunLength(rest[begin..]);
        return true;
    }

    /// <summary>All of the white space, except its last character where a visible one follows.</summary>
    private static int SpaceLength(ReadOnlySpan<char> rest)
    {
        int length = 1;
        while (length < rest.Length && char.IsWhiteSpace(rest[length]))
            length++;
        return length == rest.Length || length == 1 ? length : length - 1;
    }

    private readonly int RunLength(ReadOnlySpan<char> rest)
    {
        int kind = Kind(rest, out int length);
        while (length < rest.Length && !char.IsWhiteSpace(rest[length]) && Kind(rest[length..], out int more) == kind)
            length += more;
        return length;
    }

    /// <summary>1: a letter, 2: a digit or another number, 3: anything else.</summary>
    private readonly int Kind(ReadOnlySpan<char> rest, out int length)
    {
        if (char.IsAscii(rest[0]))
        {
            length = 1;
            return char.IsAsciiLetter(rest[0]) ? 1 : char.IsAsciiDigit(rest[0]) ? 2 : 3;
        }
        Rune.DecodeFromUtf16(rest, out Rune rune, out length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => 1,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
                when marksInWords => 1,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => 2,
            _ => 3,
        };
    }
}
