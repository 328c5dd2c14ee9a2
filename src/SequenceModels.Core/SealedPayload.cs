using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SequenceModels;

/// <summary>
/// The envelope of everything we write: kind, version, length, body, SHA-256 over all that went before. A file that was cut short,
/// altered or is no file of ours is refused before any of its content is believed.
/// </summary>
internal static class SealedPayload
{
    private const int HeaderLength = 8 + sizeof(int) + sizeof(long);
    private const int ReadChunk = 1 << 20;

    /// <param name="stream">Where to write; not closed.</param>
    /// <param name="kind">Eight ASCII letters that name the content.</param>
    /// <param name="version">The format's version.</param>
    /// <param name="write">Writes the body.</param>
    public static void Write(Stream stream, string kind, int version, Action<BinaryWriter> write)
    {
        using var body = new MemoryStream();
        using (var writer = new PayloadWriter(body))
            write(writer);
        Span<byte> header = stackalloc byte[HeaderLength];
        Encoding.ASCII.GetBytes(kind, header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], version);
        BinaryPrimitives.WriteInt64LittleEndian(header[12..], body.Length);
        ReadOnlySpan<byte> content = body.GetBuffer().AsSpan(0, checked((int)body.Length));
        stream.Write(header);
        stream.Write(content);
        stream.Write(Hash(header, content));
    }

    /// <summary>Reads what <see cref="Write"/> wrote with the same kind and a version up to <paramref name="newestVersion"/>.</summary>
    /// <exception cref="InvalidDataException">The stream holds something else, was cut short or altered.</exception>
    public static T Read<T>(Stream stream, string kind, int newestVersion, Func<PayloadReader, T> read)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
            throw Damaged(kind, "it ends within its header");
        string found = Encoding.ASCII.GetString(header[..8]);
        if (found != kind)
            throw Damaged(kind, "it does not begin with that mark");
        int version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(header[12..]);
        if (version < 1 || version > newestVersion)
            throw Damaged(kind, $"its format version is {version} and this version of SequenceModels reads 1 to {newestVersion}");
        if (length < 0 || length > Array.MaxLength)
            throw Damaged(kind, $"its stated length of {Counted.Of(length, "byte")} is impossible");

        byte[] content = ReadBody(stream, (int)length, kind);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (stream.ReadAtLeast(hash, hash.Length, throwOnEndOfStream: false) < hash.Length)
            throw Damaged(kind, "it ends within its checksum");
        if (!hash.SequenceEqual(Hash(header, content.AsSpan(0, (int)length))))
            throw Damaged(kind, "its checksum does not fit its content: it was altered or damaged");

        var reader = new PayloadReader(content.AsMemory(0, (int)length), kind, version);
        T result = read(reader);
        reader.RequireEnd();
        return result;
    }

    internal static InvalidDataException Damaged(string kind, string why) =>
        new($"This is not a usable '{kind}' model part: {why}. Save the model again, or copy the file again from its source.");

    /// <summary>Memory grows with what was really read, never with what the file claims.</summary>
    private static byte[] ReadBody(Stream stream, int length, string kind)
    {
        byte[] content = new byte[Math.Min(length, ReadChunk)];
        int count = 0;
        while (count < length)
        {
            if (count == content.Length)
                Array.Resize(ref content, (int)Math.Min((long)content.Length * 2, length));
            int read = stream.Read(content, count, content.Length - count);
            if (read == 0)
                throw Damaged(kind, $"it ends after {count} of {Counted.Of(length, "byte")}");
            count += read;
        }
        return content;
    }

    private static byte[] Hash(ReadOnlySpan<byte> header, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }
}
