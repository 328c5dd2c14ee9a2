namespace SequenceModels.Text;

/// <summary>
/// A visible character for each of the 256 bytes, so that a token of bytes can be shown, and stored in a vocabulary file,
/// as text: ASCII and Latin letters stand for themselves, a space is "Ġ".
/// </summary>
/// <remarks>The table of Radford et al., "Language Models are Unsupervised Multitask Learners", 2019 (GPT-2).</remarks>
internal static class ByteAlphabet
{
    private static readonly char[] Letters = new char[256];
    private static readonly Dictionary<char, byte> Bytes = [];

    static ByteAlphabet()
    {
        int hidden = 0;
        for (int value = 0; value < 256; value++)
        {
            bool visible = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE;
            Letters[value] = visible ? (char)value : (char)(256 + hidden++);
            Bytes[Letters[value]] = (byte)value;
        }
    }

    /// <summary>How a byte is shown.</summary>
    public static char ToChar(byte value) => Letters[value];

    /// <summary>How each byte is shown, from 0 on.</summary>
    public static IEnumerable<string> All => Letters.Select(letter => letter.ToString());

    /// <summary>The bytes of a token that is shown; null if one of its characters stands for none.</summary>
    public static byte[]? ToBytes(string token)
    {
        byte[] bytes = new byte[token.Length];
        for (int i = 0; i < bytes.Length; i++)
            if (!Bytes.TryGetValue(token[i], out bytes[i]))
                return null;
        return bytes;
    }
}
