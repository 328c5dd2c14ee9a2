using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;

namespace SequenceModels.Columns;

/// <summary>
/// A short text that tells what a column's keys stand for, in their order: an index says nothing by itself. Values are compared
/// as text, in the invariant culture, whatever their type.
/// </summary>
internal static class KeyFingerprint
{
    private const int BufferedCharacters = 1 << 14;

    /// <summary>
    /// Of a column's KeyValues, or of the slots of its one-hot steps; empty where it has no names, or not one for each key.
    /// </summary>
    public static string Of(DataViewSchema.Column column) => Of(TokenNames.MemoryOf(column));

    /// <summary>Of names; empty where there are none.</summary>
    public static string Of(ReadOnlySpan<ReadOnlyMemory<char>> names)
    {
        if (names.IsEmpty)
            return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        char[] buffer = new char[BufferedCharacters];
        int filled = 0;
        Span<char> length = stackalloc char[2];
        foreach (ReadOnlyMemory<char> name in names)
        {
            (length[0], length[1]) = ((char)(name.Length >> 16), (char)name.Length);
            Add(length);
            Add(name.Span);
        }
        Flush();
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(ReadOnlySpan<char> text)
        {
            while (!text.IsEmpty)
            {
                int taken = Math.Min(text.Length, buffer.Length - filled);
                text[..taken].CopyTo(buffer.AsSpan(filled));
                text = text[taken..];
                filled += taken;
                if (filled == buffer.Length)
                    Flush();
            }
        }

        void Flush()
        {
            // As UTF-16: a lone surrogate is a name too, and UTF-8 has none.
            hash.AppendData(MemoryMarshal.AsBytes(buffer.AsSpan(0, filled)));
            filled = 0;
        }
    }
}
