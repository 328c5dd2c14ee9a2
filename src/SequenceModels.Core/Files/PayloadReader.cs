using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace SequenceModels.Files;

/// <summary>
/// Reads a body that <see cref="SealedPayload"/> has verified. Every length is checked against what is left before memory is
/// taken.
/// </summary>
internal sealed class PayloadReader(ReadOnlyMemory<byte> content, string kind, int version)
{
    private ReadOnlyMemory<byte> _rest = content;

    /// <summary>The format version that the payload states.</summary>
    public int Version { get; } = version;

    /// <summary>Bytes not read yet.</summary>
    public int Remaining => _rest.Length;

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public sbyte ReadSByte() => (sbyte)Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    /// <summary>A number that must be finite.</summary>
    public float ReadFinite(string name) => ReadSingle() is var value && float.IsFinite(value) ? value : throw NotFinite(name);

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <inheritdoc cref="ReadFinite(string)"/>
    public double ReadFiniteDouble(string name) =>
        ReadDouble() is var value && double.IsFinite(value) ? value : throw NotFinite(name);

    public bool ReadBoolean() =>
        Take(1)[0] switch { 0 => false, 1 => true, byte b => throw Invalid(Invariant($"{b} is no truth value")) };

    /// <summary>A whole number that must lie in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    public int ReadInt32(string name, int least, int most)
    {
        int value = ReadInt32();
        return value >= least && value <= most ? value
            : throw Invalid(Invariant($"{name} is {value}, outside {least} to {most}"));
    }

    /// <summary>How many items follow, each of at least <paramref name="bytesPerItem"/> bytes.</summary>
    public int ReadCount(string name, int bytesPerItem) =>
        ReadInt32(name, 0, _rest.Length < sizeof(int) ? 0 : (_rest.Length - sizeof(int)) / Math.Max(1, bytesPerItem));

    /// <summary>A member of an enumeration, stored as its number.</summary>
    public TEnum ReadEnum<TEnum>(string name) where TEnum : struct, Enum
    {
        int value = ReadInt32();
        foreach (TEnum known in Enum.GetValues<TEnum>())
            if (Convert.ToInt32(known, CultureInfo.InvariantCulture) == value)
                return known;
        throw Invalid(Invariant($"{value} is no {name}"));
    }

    /// <summary>A value that may be missing; null if it is.</summary>
    public T? ReadOptional<T>(Func<PayloadReader, T> read) where T : class => ReadBoolean() ? read(this) : null;

    /// <summary>Items after their number.</summary>
    /// <param name="name">What they are called, in the plural.</param>
    /// <param name="bytesPerItem">How many bytes each of them has at least.</param>
    /// <param name="read">Reads one.</param>
    public T[] ReadArray<T>(string name, int bytesPerItem, Func<PayloadReader, T> read)
    {
        var items = new T[ReadCount($"the number of {name}", bytesPerItem)];
        for (int i = 0; i < items.Length; i++)
            items[i] = read(this);
        return items;
    }

    /// <inheritdoc cref="ReadArray{T}"/>
    public string[] ReadStringArray(string name) => ReadArray(name, bytesPerItem: 1, reader => reader.ReadString());

    /// <inheritdoc cref="ReadArray{T}"/>
    public int[] ReadInt32Array(string name) => ReadArray(name, sizeof(int), reader => reader.ReadInt32());

    /// <inheritdoc cref="ReadArray{T}"/>
    public double[] ReadDoubleArray(string name) => ReadArray(name, sizeof(double), reader => reader.ReadDouble());

    /// <summary>Numbers after their number, all of which must be finite.</summary>
    /// <param name="name">What they are called, in the plural.</param>
    /// <param name="item">What one of them is called.</param>
    public float[] ReadFiniteArray(string name, string item)
    {
        float[] items = new float[ReadCount($"the number of {name}", sizeof(float))];
        ReadFinite(item, items);
        return items;
    }

    /// <summary>A text as <see cref="PayloadWriter"/> writes it.</summary>
    public string ReadString()
    {
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = Take(1)[0];
            if (shift > 28 || (shift == 28 && b > 7))
                throw Invalid("a text's length is impossible");
            length |= (b & 127) << shift;
            if (b < 128)
                break;
        }
        return TextBytes.TryRead(Take(length), out string text) ? text : throw Invalid("a text is not in UTF-8");
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

    /// <summary>The same of numbers that must all be finite.</summary>
    public void ReadFinite(string name, Span<float> destination)
    {
        ReadSingles(destination);
        if (!destination.IsEmpty && !TensorPrimitives.IsFiniteAll<float>(destination))
            throw NotFinite(name);
    }

    /// <summary>The bytes of a block, copied.</summary>
    public byte[] ReadBytes(string name)
    {
        using MemoryStream block = ReadBlock(name);
        return block.ToArray();
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
            throw Invalid($"{Counted.Of(_rest.Length, "byte")} left over");
    }

    /// <summary>An error of a content that is sound by its checksum, and yet cannot be.</summary>
    public InvalidDataException Invalid(string why) => PayloadKind.Damaged(kind, why);

    /// <summary>An error of a content that was written for something else.</summary>
    public InvalidDataException Foreign(string why, string mend) => PayloadKind.Foreign(kind, why, mend);

    private InvalidDataException NotFinite(string name) => Invalid($"{name} is NaN or infinite");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw Invalid(Invariant($"{Counted.Of(count, "byte")} asked for where {_rest.Length} are left"));
        ReadOnlySpan<byte> taken = _rest.Span[..count];
        _rest = _rest[count..];
        return taken;
    }
}
