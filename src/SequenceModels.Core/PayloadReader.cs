using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SequenceModels;

/// <summary>Reads a body that <see cref="SealedPayload"/> has verified. Every length is checked against what is left before memory is taken.</summary>
internal sealed class PayloadReader(ReadOnlyMemory<byte> content, string kind, int version)
{
    private ReadOnlyMemory<byte> _rest = content;

    /// <summary>The format version that the payload states.</summary>
    public int Version { get; } = version;

    /// <summary>Bytes not read yet.</summary>
    public int Remaining => _rest.Length;

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    public bool ReadBoolean() => Take(1)[0] switch { 0 => false, 1 => true, byte b => throw Bad($"{b} is no truth value") };

    /// <summary>A whole number that must lie in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    public int ReadInt32(string name, int least, int most)
    {
        int value = ReadInt32();
        return value >= least && value <= most ? value : throw Bad($"{name} is {value}, outside {least} to {most}");
    }

    /// <summary>How many items follow, each of at least <paramref name="bytesPerItem"/> bytes.</summary>
    public int ReadCount(string name, int bytesPerItem) =>
        ReadInt32(name, 0, _rest.Length < sizeof(int) ? 0 : (_rest.Length - sizeof(int)) / Math.Max(1, bytesPerItem));

    /// <summary>A member of an enumeration, stored as its number.</summary>
    public TEnum ReadEnum<TEnum>(string name) where TEnum : struct, Enum
    {
        int value = ReadInt32();
        foreach (TEnum known in Enum.GetValues<TEnum>())
            if (Convert.ToInt32(known, System.Globalization.CultureInfo.InvariantCulture) == value)
                return known;
        throw Bad($"{value} is no {name}");
    }

    /// <summary>A text as <see cref="PayloadWriter"/> writes it.</summary>
    public string ReadString()
    {
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = Take(1)[0];
            if (shift > 28 || (shift == 28 && b > 7))
                throw Bad("a text's length is impossible");
            length |= (b & 127) << shift;
            if (b < 128)
                break;
        }
        return TextBytes.TryRead(Take(length), out string text) ? text : throw Bad("a text is not in UTF-8");
    }

    /// <summary>Fills <paramref name="destination"/> with floats, stored little-endian.</summary>
    public void ReadSingles(Span<float> destination)
    {
        ReadOnlySpan<byte> bytes = Take(checked(destination.Length * sizeof(float)));
        if (BitConverter.IsLittleEndian)
            bytes.CopyTo(MemoryMarshal.AsBytes(destination));
        else
            for (int i = 0; i < destination.Length; i++)
                destination[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
    }

    /// <summary>A payload within the payload: a run of bytes, stored after its length. No copy is made.</summary>
    public MemoryStream ReadBlock(string name)
    {
        int length = ReadCount(name, 1);
        if (!MemoryMarshal.TryGetArray(_rest[..length], out ArraySegment<byte> block))
            block = _rest[..length].ToArray();
        _rest = _rest[length..];
        return new MemoryStream(block.Array!, block.Offset, block.Count, writable: false);
    }

    /// <summary>Throws unless everything has been read.</summary>
    public void RequireEnd()
    {
        if (!_rest.IsEmpty)
            throw Bad($"{Counted.Of(_rest.Length, "byte")} left over");
    }

    public InvalidDataException Bad(string why) => SealedPayload.Damaged(kind, why);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw Bad($"{Counted.Of(count, "byte")} asked for where {_rest.Length} are left");
        ReadOnlySpan<byte> taken = _rest.Span[..count];
        _rest = _rest[count..];
        return taken;
    }
}
