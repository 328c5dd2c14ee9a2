using System.Buffers.Binary;
using System.Security.Cryptography;
using SequenceModels.Kernels;

namespace SequenceModels.Fuzz;

/// <summary>
/// The envelope of everything the library writes, as anybody could make it: mark, version, length, body, and a checksum without a
/// key. Some bodies hold another envelope, after its length.
/// </summary>
internal static class SealedBytes
{
    private const int LengthAt = 12, HeaderLength = 20, ChecksumLength = 32;

    public static byte[] BodyOf(ReadOnlySpan<byte> payload) => payload[HeaderLength..^ChecksumLength].ToArray();

    /// <summary>A payload with another body and a checksum that fits.</summary>
    public static byte[] Reseal(ReadOnlySpan<byte> payload, byte[] body)
    {
        byte[] made = new byte[HeaderLength + body.Length + ChecksumLength];
        payload[..LengthAt].CopyTo(made);
        BinaryPrimitives.WriteInt64LittleEndian(made.AsSpan(LengthAt), body.Length);
        body.CopyTo(made, HeaderLength);
        SHA256.HashData(made.AsSpan(0, HeaderLength + body.Length), made.AsSpan(HeaderLength + body.Length));
        return made;
    }

    /// <summary>Where the first envelope within a body begins, and how long it is; null: there is none.</summary>
    public static (int Start, int Length)? FindInner(ReadOnlySpan<byte> body)
    {
        int start = body.IndexOf("SEQNETWK"u8);
        return start < sizeof(int) ? null : (start, BinaryPrimitives.ReadInt32LittleEndian(body[(start - sizeof(int))..]));
    }

    /// <summary>A body with another envelope in the place of the one within it.</summary>
    public static byte[] ReplaceInner(byte[] body, (int Start, int Length) inner, byte[] replacement)
    {
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, replacement.Length);
        return [.. body[..(inner.Start - sizeof(int))], .. length, .. replacement, .. body[(inner.Start + inner.Length)..]];
    }
}
