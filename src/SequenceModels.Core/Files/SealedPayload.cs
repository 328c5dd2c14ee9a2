using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SequenceModels.Files;

/// <summary>
/// The envelope of everything we write: kind, version, length, body, SHA-256 over all that went before.
/// A file that was cut short, altered or is no file of ours is refused before any of its content is believed, and before memory
/// is taken for it.
/// </summary>
internal static class SealedPayload
{
    private const int HeaderLength = 8 + sizeof(int) + sizeof(long);
    private const int Chunk = 1 << 16;

    /// <summary>
    /// Bytes of a stream that cannot go back which are kept in memory until their checksum is known; more go to a temporary file.
    /// </summary>
    private const int MostKept = 1 << 24;

    /// <param name="stream">Where to write; not closed.</param>
    /// <param name="kind">Eight ASCII letters that name the content.</param>
    /// <param name="version">The format's version.</param>
    /// <param name="write">Writes the body.</param>
    public static void Write(Stream stream, string kind, int version, Action<PayloadWriter> write)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var body = new MemoryStream();
        using (var writer = new PayloadWriter(body))
            write(writer);
        Span<byte> header = stackalloc byte[HeaderLength];
        Encoding.ASCII.GetBytes(kind, header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], version);
        BinaryPrimitives.WriteInt64LittleEndian(header[12..], body.Length);
        ReadOnlySpan<byte> content = body.GetBuffer().AsSpan(0, checked((int)body.Length));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(content);
        stream.Write(header);
        stream.Write(content);
        stream.Write(hash.GetHashAndReset());
    }

    /// <summary>
    /// Reads what <see cref="Write"/> wrote with the same kind and a version up to <paramref name="newestVersion"/>.
    /// </summary>
    /// <param name="stream">Where to read; stays open after the payload.</param>
    /// <param name="kind">The mark that it must have.</param>
    /// <param name="newestVersion">The newest format that is known.</param>
    /// <param name="read">Reads the body.</param>
    /// <exception cref="InvalidDataException">The stream holds something else, was cut short or altered.</exception>
    public static T Read<T>(Stream stream, string kind, int newestVersion, Func<PayloadReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Span<byte> header = stackalloc byte[HeaderLength];
        int headed = stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (headed >= 8 ? Encoding.ASCII.GetString(header[..8]) != kind
            : !header[..headed].SequenceEqual(Encoding.ASCII.GetBytes(kind).AsSpan(0, headed)))
            throw PayloadKind.WrongKind(kind, header[..headed]);
        if (headed < HeaderLength)
            throw PayloadKind.Damaged(kind, headed == 0 ? "it is empty" : "it ends within its header");
        int version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(header[12..]);
        if (version < 1 || version > newestVersion)
            throw PayloadKind.Damaged(kind,
                Invariant($"its format version is {version} and this version of SequenceModels reads 1 to {newestVersion}"));
        if (length < 0 || length > Array.MaxLength)
            throw PayloadKind.Damaged(kind, $"its stated length of {Counted.Of(length, "byte")} is impossible");

        byte[] content = ReadVerified(stream, header, (int)length, kind);
        var reader = new PayloadReader(content, kind, version);
        T result = read(reader);
        reader.RequireEnd();
        return result;
    }

    /// <summary>
    /// The body, once its checksum is known to fit. Until then a bounded part of it is in memory: it may be packed and become a
    /// thousand times longer than the file that holds it.
    /// </summary>
    private static byte[] ReadVerified(Stream stream, ReadOnlySpan<byte> header, int length, string kind)
    {
        if (stream.CanSeek && stream.Length - stream.Position < length)
            throw PayloadKind.Damaged(kind, Invariant($"it ends after {stream.Length - stream.Position} of {length} bytes"));
        if (length <= MostKept)
        {
            using var kept = new MemoryStream();
            Copy(stream, kept, header, length, kind);
            return kept.ToArray();
        }
        if (!stream.CanSeek)
        {
            using FileStream kept = TemporaryFile();
            Copy(stream, kept, header, length, kind);
            byte[] copied = new byte[length];
            kept.Position = 0;
            kept.ReadExactly(copied);
            return copied;
        }
        long start = stream.Position;
        Copy(stream, Stream.Null, header, length, kind);
        stream.Position = start;
        byte[] content = new byte[length];
        using var memory = new MemoryStream(content);
        Copy(stream, memory, header, length, kind); // verified again: the file may have become another one
        return content;
    }

    /// <summary>Copies the body, and throws unless its checksum follows.</summary>
    private static void Copy(Stream from, Stream to, ReadOnlySpan<byte> header, int length, string kind)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        byte[] chunk = new byte[Math.Min(length, Chunk)];
        for (int count = 0; count < length;)
        {
            int read = from.Read(chunk, 0, Math.Min(chunk.Length, length - count));
            if (read == 0)
                throw PayloadKind.Damaged(kind, Invariant($"it ends after {count} of {length} bytes"));
            hash.AppendData(chunk, 0, read);
            to.Write(chunk, 0, read);
            count += read;
        }
        Span<byte> stated = stackalloc byte[SHA256.HashSizeInBytes];
        if (from.ReadAtLeast(stated, stated.Length, throwOnEndOfStream: false) < stated.Length)
            throw PayloadKind.Damaged(kind, "it ends within its checksum");
        if (!stated.SequenceEqual(hash.GetHashAndReset()))
            throw PayloadKind.Damaged(kind, "its checksum does not fit its content: it was altered or damaged");
    }

    private static FileStream TemporaryFile() =>
        new(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew,
        FileAccess.ReadWrite, FileShare.None, Chunk, FileOptions.DeleteOnClose);
}
