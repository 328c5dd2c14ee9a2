using System.Text;

namespace SequenceModels.Text;

/// <summary>Brings texts into one of Unicode's forms. A text that is in it already is not copied.</summary>
/// <param name="form">The form.</param>
/// <param name="trimsTokens">Whether white space around a token that was cut elsewhere is dropped.</param>
internal sealed class UnicodePreparation(TextForm form, bool trimsTokens) : TextPreparation
{
    private readonly TextWithOffsets _normalized = new();
    private char[] _lowered = [];
    private bool _isNormalized;

    public override ReadOnlySpan<char> Prepare(ReadOnlySpan<char> text)
    {
        RuneTraits missing = TextNormalizer.FindMissing(text, form);
        _isNormalized = missing is not (RuneTraits.None or RuneTraits.Upper);
        if (!_isNormalized)
            return missing == RuneTraits.Upper ? Lower(text) : text;
        TextNormalizer.Normalize(text, form, _normalized);
        return _normalized.Text;
    }

    public override ReadOnlySpan<char> PrepareToken(ReadOnlySpan<char> token) =>
        trimsTokens ? Prepare(token).Trim() : Prepare(token);

    public override TokenOffset SourceOf(int start, int length) =>
        _isNormalized ? _normalized.SourceOf(start, length) : new(start, length);

    /// <summary>Of a text whose runes all have a lower case of as many UTF-16 units: offsets stay.</summary>
    private ReadOnlySpan<char> Lower(ReadOnlySpan<char> text)
    {
        if (_lowered.Length < text.Length)
            _lowered = new char[Math.Max(text.Length, _lowered.Length * 2)];
        Ascii.ToLower(text, _lowered, out int plain);
        for (int i = plain; i < text.Length; i++)
        {
            char unit = text[i];
            if (!char.IsHighSurrogate(unit))
                _lowered[i] = (RuneTraitTable.Find(unit) & RuneTraits.Upper) != 0 ? (char)LowerCase.Map(unit) : unit;
            else
                new Rune(LowerCase.Map(char.ConvertToUtf32(unit, text[i + 1]))).EncodeToUtf16(_lowered.AsSpan(i++));
        }
        return _lowered.AsSpan(0, text.Length);
    }
}
