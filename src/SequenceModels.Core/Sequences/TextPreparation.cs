using System.Text;

namespace SequenceModels.Sequences;

/// <summary>Brings a text into the form in which its tokens are counted and looked up. Holds a buffer: one per cursor or thread.</summary>
/// <param name="kind">How the text will be cut.</param>
/// <param name="lowercase">Whether upper and lower case are one.</param>
/// <param name="pieces">How the text of a SentencePiece model is prepared.</param>
internal sealed class TextPreparation(TokenKind kind, bool lowercase, SentencePieceText? pieces = null)
{
    private readonly PlacedText _placed = new();
    private char[] _buffer = [];
    private bool _isPlaced;

    /// <summary>The form of the text to be cut; valid until the next call.</summary>
    public ReadOnlySpan<char> Prepare(ReadOnlySpan<char> text)
    {
        _isPlaced = true;
        if (kind == TokenKind.WordPiece)
        {
            WordPieceText.Prepare(text, lowercase, _placed);
            return _placed.Text;
        }
        if (kind == TokenKind.Words && !ComposedText.IsComposed(text))
        {
            ComposedText.Compose(text, _placed);
            text = _placed.Text;
        }
        else
        {
            _isPlaced = false;
            if (text.IndexOfAnyInRange('\ud800', '\udfff') >= 0)
                text = WithoutLoneSurrogates(text);
        }
        if (lowercase)
            text = Lower(text);
        if (pieces is null)
            return text;
        _isPlaced = true;
        pieces.Prepare(text, _placed);
        return _placed.Text;
    }

    /// <summary>What part of the text that was given to <see cref="Prepare"/> a part of the prepared one comes from.</summary>
    public TokenPlace PlaceOf(int start, int length) => _isPlaced ? _placed.PlaceOf(start, length) : new(start, length);

    /// <summary>Half a character cannot be saved as UTF-8; what a file would make of it is what we see from the start.</summary>
    private static ReadOnlySpan<char> WithoutLoneSurrogates(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text[i..], out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                char[] mended = text.ToArray();
                for (int k = i; k < mended.Length; k += length)
                    if (Rune.DecodeFromUtf16(mended.AsSpan(k), out _, out length) != System.Buffers.OperationStatus.Done)
                        mended[k] = '\ufffd';
                return mended;
            }

            i += length;
        }

        return text;
    }

    // No character changes its number of units by being lowered without a culture: places stay.
    private Span<char> Lower(ReadOnlySpan<char> text)
    {
        if (_buffer.Length < text.Length)
            _buffer = new char[Math.Max(text.Length, _buffer.Length * 2)];
        int length = text.ToLowerInvariant(_buffer);
        return _buffer.AsSpan(0, length);
    }
}
