using System.Text;

namespace SequenceModels.Text;

/// <summary>
/// How a SentencePiece model reads a text before it looks for pieces: characters replaced by its map, white space collapsed and
/// shown as U+2581, one of it before the text. Immutable.
/// </summary>
/// <remarks>Kudo and Richardson, "SentencePiece", EMNLP 2018.</remarks>
internal sealed class SentencePieceNormalizer
{
    private const char Space = '\u2581';

    private readonly PrecompiledCharsMap _characters;
    private readonly bool _prefix, _collapse, _escape, _suffix;

    /// <param name="options">The part of the model that says how.</param>
    /// <param name="suffix">Whether the space that is added stands after the text, not before it.</param>
    /// <exception cref="InvalidDataException">The options cannot be understood.</exception>
    public SentencePieceNormalizer(ReadOnlyMemory<byte> options, bool suffix)
    {
        (_prefix, _collapse, _escape, _suffix) = (true, true, true, suffix);
        ReadOnlyMemory<byte> map = default;
        foreach ((int option, ulong value, ReadOnlyMemory<byte> bytes) in ProtocolBuffer.Fields(options))
            switch (option)
            {
                case 2: map = bytes; break;
                case 3: _prefix = value != 0; break;
                case 4: _collapse = value != 0; break;
                case 5: _escape = value != 0; break;
            }
        _characters = new PrecompiledCharsMap(map);
    }

    /// <summary>Normalizes a text.</summary>
    /// <param name="text">Well-formed.</param>
    /// <param name="target">Becomes the normalized text.</param>
    public void Normalize(ReadOnlySpan<char> text, TextWithOffsets target)
    {
        target.Clear();
        char space = _escape ? Space : ' ';
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToArray());
        bool afterSpace = _collapse, begun = false;
        int unit = 0;
        for (int i = 0, length; i < bytes.Length; i += length)
        {
            length = _characters.Find(bytes.AsSpan(i), out ReadOnlySpan<byte> read);
            if (length == 0)
            {
                Rune.DecodeFromUtf8(bytes.AsSpan(i), out _, out length);
                read = bytes.AsSpan(i, length);
            }
            int from = unit;
            unit += Encoding.UTF8.GetCharCount(bytes.AsSpan(i, length));
            while (afterSpace && read.Length > 0 && read[0] == ' ')
                read = read[1..];
            if (read.Length > 0)
            {
                if (!begun && _prefix && !_suffix)
                    target.Add(space, from, from);
                begun = true;
                for (int k = 0, size; k < read.Length; k += size)
                {
                    Rune.DecodeFromUtf8(read[k..], out Rune rune, out size);
                    target.Add(rune.Value == ' ' ? new Rune(space) : rune, from, unit);
                }
                afterSpace = read[^1] == ' ';
            }
            afterSpace &= _collapse;
        }
        while (_collapse && target.Length > 1 && target.Text[^1] == space)
            target.RemoveLast();
        if (begun && _suffix && _prefix)
            target.Add(space, unit, unit);
    }
}
