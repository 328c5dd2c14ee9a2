using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;

namespace SequenceModels.Columns;

/// <summary>
/// A short text that tells what a column's keys stand for, in their order: an index says nothing by itself. Values are compared as text, in
/// the invariant culture, whatever their type.
/// </summary>
internal static class KeyFingerprint
{
    private const int BufferedCharacters = 1 << 14;

    /// <summary>Of a column's KeyValues, or of the slots of its one-hot steps; empty where it has no names, or not one for each key.</summary>
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

/// <summary>
/// The fingerprint of a column that is bound again and again, as by prediction engines: worked out once for the names met last. Safe to
/// share between threads.
/// </summary>
internal sealed class RememberedFingerprint
{
    private volatile Met? _last;

    /// <inheritdoc cref="KeyFingerprint.Of(DataViewSchema.Column)"/>
    public string Of(DataViewSchema.Column column)
    {
        ReadOnlyMemory<char>[] names = TokenNames.MemoryOf(column);
        if (_last is not { } last || !AreSame(last.Names, names))
            _last = last = new Met(names, KeyFingerprint.Of(names));
        return last.Fingerprint;
    }

    private static bool AreSame(ReadOnlyMemory<char>[] ours, ReadOnlyMemory<char>[] theirs)
    {
        if (ours.Length != theirs.Length)
            return false;
        for (int i = 0; i < ours.Length; i++)
            if (!ours[i].Equals(theirs[i]) && !ours[i].Span.SequenceEqual(theirs[i].Span))
                return false;
        return true;
    }

    private sealed record Met(ReadOnlyMemory<char>[] Names, string Fingerprint);
}
