using System.Buffers.Binary;

namespace SequenceModels.Audio;

/// <summary>Writes WAV files of 16 bits and one channel.</summary>
internal static class WaveWriter
{
    private const int HeaderLength = 44;

    /// <param name="samples">Between -1 and 1; others are cut to it.</param>
    /// <param name="rate">Samples in a second.</param>
    public static byte[] Write(ReadOnlySpan<float> samples, int rate)
    {
        byte[] file = new byte[checked(HeaderLength + samples.Length * sizeof(short))];
        Span<byte> header = file;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);                     // whole numbers
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);                     // channel
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], rate * sizeof(short));  // bytes in a second
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], sizeof(short));         // bytes in a sample
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 8 * sizeof(short));     // bits
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], file.Length - HeaderLength);
        for (int i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(HeaderLength + i * sizeof(short)),
                (short)Math.Clamp(MathF.Round(samples[i] * 32_768), short.MinValue, short.MaxValue));
        return file;
    }
}
