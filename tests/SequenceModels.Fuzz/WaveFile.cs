using System.Buffers.Binary;

namespace SequenceModels.Fuzz;

/// <summary>Writes WAV files of every kind, which the library itself does not.</summary>
internal static class WaveFile
{
    /// <param name="samples">Between -1 and 1; those of a moment side by side.</param>
    /// <param name="rate">Moments in a second.</param>
    /// <param name="channels">Samples of a moment.</param>
    /// <param name="bits">Of a sample.</param>
    /// <param name="tag">1: whole numbers; 3: floating point.</param>
    /// <param name="isExtensible">Whether the format is of the longer kind.</param>
    public static byte[] Of(ReadOnlySpan<float> samples, uint rate = 8000, ushort channels = 1, ushort bits = 16, ushort tag = 1,
        bool isExtensible = false)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        int length = samples.Length * bits / 8, format = isExtensible ? 40 : 16;
        writer.Write("RIFF"u8);
        writer.Write(20 + format + length + (length & 1));
        writer.Write("WAVEfmt "u8);
        writer.Write(format);
        writer.Write(isExtensible ? (ushort)0xFFFE : tag);
        writer.Write(channels);
        writer.Write(rate);
        writer.Write((uint)(rate * channels * bits / 8));
        writer.Write((ushort)(channels * bits / 8));
        writer.Write(bits);
        if (isExtensible)
        {
            writer.Write((ushort)22);
            writer.Write(bits);
            writer.Write(0);
            writer.Write(tag);
            writer.Write([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }
        writer.Write("data"u8);
        writer.Write(length);
        byte[] number = new byte[8];
        foreach (float sample in samples)
        {
            switch (tag, bits)
            {
                case (3, 32): BinaryPrimitives.WriteSingleLittleEndian(number, sample); break;
                case (3, _): BinaryPrimitives.WriteDoubleLittleEndian(number, sample); break;
                case (_, 8): number[0] = (byte)(128 + Whole(sample, 8)); break;
                default: BinaryPrimitives.WriteInt64LittleEndian(number, Whole(sample, bits)); break;
            }
            writer.Write(number, 0, bits / 8);
        }
        if ((length & 1) == 1)
            writer.Write((byte)0);
        writer.Flush();
        return stream.ToArray();
    }

    private static long Whole(float sample, int bits)
    {
        double scale = 1L << (bits - 1);
        return (long)Math.Clamp(Math.Round(sample * scale), -scale, scale - 1);
    }
}
