using System.Buffers.Binary;

namespace SequenceModels.Audio;

/// <summary>How a WAV file holds one number.</summary>
internal enum SampleEncoding
{
    UnsignedBits8,
    Bits16,
    Bits24,
    Bits32,
    Float32,
    Float64,
}

/// <summary>Reads numbers of each encoding, whole ones as -1 to 1.</summary>
internal static class SampleEncodings
{
    /// <summary>The encoding that a header names; null: none that is read.</summary>
    /// <param name="tag">1: whole numbers; 3: floating point.</param>
    /// <param name="bits">Of one number.</param>
    public static SampleEncoding? Find(int tag, int bits) => (tag, bits) switch
    {
        (1, 8) => SampleEncoding.UnsignedBits8,
        (1, 16) => SampleEncoding.Bits16,
        (1, 24) => SampleEncoding.Bits24,
        (1, 32) => SampleEncoding.Bits32,
        (3, 32) => SampleEncoding.Float32,
        (3, 64) => SampleEncoding.Float64,
        _ => null,
    };

    /// <param name="encoding">How it is held.</param>
    /// <param name="bytes">Begins with the number.</param>
    public static float Read(this SampleEncoding encoding, ReadOnlySpan<byte> bytes) => encoding switch
    {
        SampleEncoding.UnsignedBits8 => (bytes[0] - 128) / 128f,
        SampleEncoding.Bits16 => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32_768f,
        SampleEncoding.Bits24 => (bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16)) / 8_388_608f,
        SampleEncoding.Bits32 => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2_147_483_648f,
        SampleEncoding.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };
}
