using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SequenceModels.Files;

/// <summary>
/// Texts as bytes: UTF-8, and half of a surrogate pair as the three bytes that its number would have.
/// Such halves are no characters, but they may stand in what names a series or a class, and two names must stay two.
/// </summary>
internal static class TextBytes
{
    /// <summary>The bytes of any text; of two different texts they differ.</summary>
    public static byte[] Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
            return Encoding.UTF8.GetBytes(text);
        byte[] bytes = new byte[3 * text.Length];
        int count = 0;
        for (int i = 0, length; i < text.Length; i += length)
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out Rune rune, out length) == OperationStatus.Done)
                count += rune.EncodeToUtf8(bytes.AsSpan(count));
            else
            {
                char half = text[i];
                (bytes[count], bytes[count + 1], bytes[count + 2]) =
                    (0xED, (byte)(0x80 | half >> 6 & 0x3F), (byte)(0x80 | half & 0x3F));
                count += 3;
            }
        return bytes[..count];
    }

    /// <summary>The text that <see cref="Of"/> made these bytes of; false if it would make them of none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out string text)
    {
        if (Utf8.IsValid(bytes))
        {
            text = Encoding.UTF8.GetString(bytes);
            return true;
        }
        var read = new StringBuilder(bytes.Length);
        text = "";
        for (int i = 0, length; i < bytes.Length; i += length)
        {
            int ascii = bytes[i..].IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var other ? other : bytes.Length - i;
            if (ascii > 0)
            {
                read.Append(Encoding.ASCII.GetString(bytes.Slice(i, ascii)));
                length = ascii;
            }
            else if (Rune.DecodeFromUtf8(bytes[i..], out Rune rune, out length) == OperationStatus.Done)
                read.Append(rune.ToString());
            else if (bytes[i..] is [0xED, >= 0xA0 and <= 0xBF and var high, >= 0x80 and <= 0xBF and var low, ..])
            {
                char half = (char)(0xD000 | (high & 0x3F) << 6 | low & 0x3F);
                if (char.IsLowSurrogate(half) && read.Length > 0 && char.IsHighSurrogate(read[^1]))
                    return false; // the two are a character, which has other bytes
                read.Append(half);
                length = 3;
            }
            else
                return false;
        }
        text = read.ToString();
        return true;
    }
}
