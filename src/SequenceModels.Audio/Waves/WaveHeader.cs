using System.Buffers.Binary;

namespace SequenceModels.Audio;

/// <summary>What a WAV file says of its sound, and where that lies: RIFF, its chunks "fmt " and "data".</summary>
/// <param name="Rate">Samples in a second, at least 1.</param>
/// <param name="Channels">Numbers in a sample, at least 1.</param>
/// <param name="Encoding">Of one number.</param>
/// <param name="Start">Of the sound, in bytes.</param>
/// <param name="Count">Samples, at least 1; all of them are in the file.</param>
internal sealed record WaveHeader(long Rate, int Channels, SampleEncoding Encoding, int Start, int Count)
{
    private const int Extensible = 0xFFFE, FormatLength = 16, ExtensibleLength = 40;

    /// <summary>What follows the tag in the name of an encoding, which is a GUID.</summary>
    private static ReadOnlySpan<byte> GuidEnd => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Bytes of one number.</summary>
    public int NumberLength => Encoding switch
    {
        SampleEncoding.UnsignedBits8 => 1,
        SampleEncoding.Bits16 => 2,
        SampleEncoding.Bits24 => 3,
        SampleEncoding.Float64 => 8,
        _ => 4,
    };

    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidDataException">It says what is not so, or what is not read.</exception>
    public static WaveHeader Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
            throw Invalid("it does not begin as a WAV file does (\"RIFF\", a length, \"WAVE\")");
        long end = 8L + BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (end > file.Length + 1L) // an odd last chunk may lack the byte that fills it up
            throw Lies("its header", end, file.Length);
        (WaveHeader Format, int BlockLength)? format = null;
        for (int at = 12; at + 8 <= file.Length;)
        {
            long length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]), left = file.Length - at - 8;
            ReadOnlySpan<byte> name = file.Slice(at, 4);
            if (name.SequenceEqual("fmt "u8))
                format ??= ReadFormat(file.Slice(at + 8, (int)Math.Min(length, left)));
            if (name.SequenceEqual("data"u8))
            {
                if (format is not var (found, block))
                    throw Invalid("its samples come before its format (chunk \"fmt \")");
                if (length > left || at + 8 + length > end)
                    throw Lies("its chunk \"data\"", length, Math.Min(left, Math.Max(0, end - at - 8)));
                if (length == 0)
                    throw Invalid("it has 0 samples");
                if (length % block != 0)
                    throw Invalid(Invariant($"its {length} bytes of sound are not whole samples of {block} bytes"));
                return found with { Start = at + 8, Count = (int)(length / block) };
            }
            if (length > left)
                throw Lies(Invariant($"a chunk at byte {at}"), length, left);
            at += (int)Math.Min(8 + length + (length & 1), int.MaxValue - at - 8L);
        }
        throw Invalid("it has no samples (chunk \"data\")");
    }

    /// <summary>The error of a file that is none.</summary>
    public static InvalidDataException Invalid(string what) => new($"This is not a valid WAV file: {what}.");

    private static InvalidDataException Lies(string what, long said, long there) => Invalid(
        Invariant($"{what} says that it has {said} bytes, but there are {there}: the file was cut short, or never finished. ") +
        "Write it again from its source");

    private static (WaveHeader, int) ReadFormat(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < FormatLength)
            throw Invalid(Invariant($"its format (chunk \"fmt \") has {chunk.Length} bytes, less than {FormatLength}"));
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk), channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        long rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int block = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (tag == Extensible && chunk.Length >= ExtensibleLength && chunk[26..40].SequenceEqual(GuidEnd))
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        if (SampleEncodings.Find(tag, bits) is not { } encoding)
            throw Invalid(Invariant($"its encoding {tag} of {Counted.Of(bits, "bit")} is not read: whole numbers (1) of 8, ") +
                "16, 24 or 32 bits and floating point (3) of 32 or 64 bits are. " +
                "Convert it, as with: ffmpeg -i in.wav -c:a pcm_s16le out.wav");
        if (rate == 0)
            throw Invalid("its sample rate is 0");
        if (channels == 0)
            throw Invalid("it has 0 channels");
        return block == channels * bits / 8 ? (new WaveHeader(rate, channels, encoding, 0, 0), block)
            : throw Invalid(Invariant($"a sample of {Counted.Of(channels, "channel")} of {bits} bits has ") +
                Invariant($"{channels * bits / 8} bytes, not {block} as its format says"));
    }
}
