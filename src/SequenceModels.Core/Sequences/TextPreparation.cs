using System.Text;

namespace SequenceModels.Sequences;

/// <summary>Brings a text into the form in which its tokens are counted and looked up. Holds a buffer: one per cursor or thread.</summary>
internal sealed class TextPreparation(TokenKind kind, bool lowercase)
{
    private char[] _buffer = [];

    /// <summary>The form of the text to be cut; valid until the next call.</summary>
    public ReadOnlySpan<char> Prepare(ReadOnlySpan<char> text)
    {
        if (kind == TokenKind.Words && !ComposedText.IsComposed(text))
            text = ComposedText.Compose(text);
        if (text.IndexOfAnyInRange('\ud800', '\udfff') >= 0)
            text = WithoutLoneSurrogates(text);
        return lowercase ? Lower(text) : text;
    }

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

    private Span<char> Lower(ReadOnlySpan<char> text)
    {
        if (_buffer.Length < text.Length)
            _buffer = new char[Math.Max(text.Length, _buffer.Length * 2)];
        int length = text.ToLowerInvariant(_buffer);
        return _buffer.AsSpan(0, length);
    }
}
