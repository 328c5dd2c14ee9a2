using System.Buffers.Binary;
using System.Text;

namespace SequenceModels.Onnx;

/// <summary>
/// One message of protocol buffers: as much of the wire format as an ONNX model needs. Large contents are written only when the
/// message is, so that a model takes no memory for a second copy of its weights.
/// </summary>
/// <remarks>"Encoding", the specification of protocol buffers' wire format.</remarks>
internal sealed class ProtobufMessage
{
    private const int VarintType = 0, LengthType = 2, Fixed32Type = 5;

    private readonly List<byte> _bytes = [];
    private readonly List<(int Before, long Length, Action<Stream> Write)> _contents = [];

    /// <summary>Bytes that <see cref="WriteTo"/> writes.</summary>
    public long Length { get; private set; }

    public ProtobufMessage Integer(int field, long value)
    {
        Tag(field, VarintType);
        Varint((ulong)value);
        return this;
    }

    public ProtobufMessage Number(int field, float value)
    {
        Tag(field, Fixed32Type);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Append(bytes);
        return this;
    }

    public ProtobufMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthType);
        Varint((ulong)value.Length);
        Append(value);
        return this;
    }

    public ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes that are made when the message is written.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="length">How many.</param>
    /// <param name="write">Writes just so many.</param>
    public ProtobufMessage Content(int field, long length, Action<Stream> write)
    {
        Tag(field, LengthType);
        Varint((ulong)length);
        _contents.Add((_bytes.Count, length, write));
        Length += length;
        return this;
    }

    public ProtobufMessage Message(int field, ProtobufMessage value) => value._contents.Count == 0
        ? Bytes(field, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(value._bytes))
        : Content(field, value.Length, value.WriteTo);

    public ProtobufMessage Messages(int field, IEnumerable<ProtobufMessage> values)
    {
        foreach (ProtobufMessage value in values)
            Message(field, value);
        return this;
    }

    public void WriteTo(Stream stream)
    {
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes);
        int written = 0;
        foreach ((int before, _, Action<Stream> write) in _contents)
        {
            stream.Write(bytes[written..before]);
            write(stream);
            written = before;
        }
        stream.Write(bytes[written..]);
    }

    private void Tag(int field, int wireType) => Varint((ulong)(field << 3 | wireType));

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Append([(byte)(value | 0x80)]);
        Append([(byte)value]);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        Length += bytes.Length;
    }
}
