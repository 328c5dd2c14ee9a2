using System.Text;

namespace SequenceModels.Text;

/// <summary>Brings a text into the form in which its tokens are counted and looked up. Holds a buffer: one per cursor or thread.</summary>
/// <param name="kind">How the text will be cut.</param>
/// <param name="lowercase">Whether upper and lower case are one.</param>
/// <param name="pieces">How the text of a SentencePiece model is prepared.</param>
internal sealed class TextPreparation(TokenKind kind, bool lowercase, SentencePieceText? pieces = null)
{
    private readonly TextForm _form = FormOf(kind, lowercase);
    private readonly TextWithOffsets _placed = new(), _inPieces = new();
    private char[] _buffer = [];
    private bool _isPlaced;

    /// <summary>The form of the text to be cut; valid until the next call.</summary>
    public ReadOnlySpan<char> Prepare(ReadOnlySpan<char> text)
    {
        if (kind == TokenKind.WordPiece)
        {
            _isPlaced = true;
            WordPieceText.Prepare(text, lowercase, _placed);
            return _placed.Text;
        }
        RuneTraits missing = NormalizedText.Missing(text, _form);
        _isPlaced = missing is not (RuneTraits.None or RuneTraits.Upper);
        if (_isPlaced)
        {
            NormalizedText.Normalize(text, _form, _placed);
            text = _placed.Text;
        }
        else if (missing == RuneTraits.Upper)
            text = Lower(text);
        if (pieces is null)
            return text;
        pieces.Prepare(text, _inPieces);
        return _inPieces.Text;
    }

    /// <summary>The form of a token that was cut elsewhere; without white space around it, where white space is part of no token.</summary>
    public ReadOnlySpan<char> PrepareToken(ReadOnlySpan<char> token)
    {
        ReadOnlySpan<char> prepared = Prepare(token);
        return kind is TokenKind.Words or TokenKind.Whitespace or TokenKind.WordPiece ? prepared.Trim() : prepared;
    }

    /// <summary>What part of the text that was given to <see cref="Prepare"/> a part of the prepared one comes from.</summary>
    public TokenOffset PlaceOf(int start, int length)
    {
        if (pieces is not null)
            (start, length) = _inPieces.PlaceOf(start, length);
        return _isPlaced ? _placed.PlaceOf(start, length) : new(start, length);
    }

    /// <summary>What files and other tokenizers say of texts is theirs to normalize; but upper and lower case are one only of composed texts.</summary>
    private static TextForm FormOf(TokenKind kind, bool lowercase) => (lowercase ? TextForm.Composed | TextForm.Lowered : TextForm.AsItIs) | kind switch
    {
        TokenKind.Words or TokenKind.Whitespace or TokenKind.Characters => TextForm.Composed | TextForm.Visible,
        TokenKind.Subwords => TextForm.Composed,
        _ => TextForm.AsItIs,
    };

    /// <summary>Of runes that have a lower case of as many units: places stay.</summary>
    private ReadOnlySpan<char> Lower(ReadOnlySpan<char> text)
    {
        if (_buffer.Length < text.Length)
            _buffer = new char[Math.Max(text.Length, _buffer.Length * 2)];
        Ascii.ToLower(text, _buffer, out int plain);
        for (int i = plain; i < text.Length; i++)
        {
            char unit = text[i];
            if (!char.IsHighSurrogate(unit))
                _buffer[i] = TraitsOfRunes.Of(unit).HasFlag(RuneTraits.Upper) ? (char)LowerCase.Of(unit) : unit;
            else
                new Rune(LowerCase.Of(char.ConvertToUtf32(unit, text[i + 1]))).EncodeToUtf16(_buffer.AsSpan(i++));
        }
        return _buffer.AsSpan(0, text.Length);
    }
}
