using System.Buffers.Binary;

namespace SequenceModels.Text;

/// <summary>Reads the fields of a protocol buffer, as far as a SentencePiece model has them.</summary>
/// <remarks>The encoding: https://protobuf.dev/programming-guides/encoding.</remarks>
internal static class ProtocolBuffer
{
    /// <summary>The fields in their order: the number of each, and its value as a number or as bytes.</summary>
    /// <exception cref="InvalidDataException">The content is cut short, or no protocol buffer.</exception>
    public static List<(int Field, ulong Number, ReadOnlyMemory<byte> Content)> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<(int, ulong, ReadOnlyMemory<byte>)>();
        for (int at = 0; at < message.Length;)
        {
            ulong tag = Number(message.Span, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    fields.Add((field, Number(message.Span, ref at), default));
                    break;
                case 1:
                    fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(Take(message, ref at, 8).Span), default));
                    break;
                case 2:
                    ulong length = Number(message.Span, ref at);
                    fields.Add((field, 0, Take(message, ref at, length)));
                    break;
                case 5:
                    fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(Take(message, ref at, 4).Span), default));
                    break;
                default:
                    throw new InvalidDataException("it is no SentencePiece model");
            }
        }
        return fields;
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> message, ref int at, ulong length)
    {
        if (length > (ulong)(message.Length - at))
            throw new InvalidDataException("it is cut short, or no SentencePiece model");
        at += (int)length;
        return message.Slice(at - (int)length, (int)length);
    }

    private static ulong Number(ReadOnlySpan<byte> message, ref int at)
    {
        ulong number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at == message.Length)
                break;
            byte part = message[at++];
            number |= (ulong)(part & 127) << shift;
            if (part < 128)
                return number;
        }
        throw new InvalidDataException("it is cut short, or no SentencePiece model");
    }
}
