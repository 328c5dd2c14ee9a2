using System.Buffers.Binary;

namespace SequenceModels.Text;

/// <summary>
/// The replacements of characters that a SentencePiece model carries: a double-array trie of what is replaced, and texts.
/// </summary>
/// <remarks>
/// Aoe, "An Efficient Digital Search Algorithm by Using a Double-Array Structure", IEEE Trans. Software Eng. 15, 1989;
/// the units are those of Darts-clone: [8] has a leaf, [9] a wide offset, [10..] offset, [0..7] label.
/// </remarks>
internal sealed class PrecompiledCharsMap
{
    private readonly ReadOnlyMemory<byte> _trie, _texts;

    /// <param name="content">The trie's length in bytes, the trie, the texts with a zero after each.</param>
    /// <exception cref="InvalidDataException">The trie is longer than the content.</exception>
    public PrecompiledCharsMap(ReadOnlyMemory<byte> content)
    {
        if (content.IsEmpty)
            return;
        uint length = content.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(content.Span);
        if (length > content.Length - sizeof(uint))
            throw new InvalidDataException("its map of characters is cut short");
        _trie = content.Slice(sizeof(uint), (int)length);
        _texts = content[(sizeof(uint) + (int)length)..];
    }

    /// <summary>Finds the longest beginning of a text that is replaced.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="replacement">UTF-8.</param>
    /// <returns>How many bytes are replaced; 0: none.</returns>
    public int Find(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        int longest = 0, at = 0;
        uint place = Offset(Unit(0));
        for (int i = 0; i < text.Length; i++)
        {
            place ^= text[i];
            uint unit = Unit(place);
            if ((unit & 0x800000FF) != text[i])
                break;
            place ^= Offset(unit);
            if ((unit >> 8 & 1) != 0)
                (longest, at) = (i + 1, (int)(Unit(place) & int.MaxValue));
        }
        replacement = longest > 0 && at < _texts.Length ? _texts.Span[at..] : default;
        int end = replacement.IndexOf((byte)0);
        replacement = end < 0 ? replacement : replacement[..end];
        return longest;
    }

    private uint Unit(uint place) => place < _trie.Length / sizeof(uint)
        ? BinaryPrimitives.ReadUInt32LittleEndian(_trie.Span[((int)place * sizeof(uint))..])
        : 0x80000000;

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & (1 << 9)) >> 6);
}
