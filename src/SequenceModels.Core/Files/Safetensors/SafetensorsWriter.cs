using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SequenceModels.Files;

/// <summary>A tensor that is to be written: floats, row by row.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Shape">Its dimensions, at least one.</param>
/// <param name="Read">Writes a row - all but the first dimension - into a span; of one dimension, all of it.</param>
internal sealed record SafetensorsSource(string Name, int[] Shape, Action<int, Span<float>> Read)
{
    /// <summary>Floats.</summary>
    public long Length => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>Writes safetensors files: the same tensors make the same bytes.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Bytes that the header is padded to a multiple of, so that tensors begin where floats may.</summary>
    private const int Alignment = 8;

    /// <summary>Writes a file whole.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="tensors">In the order of their bytes.</param>
    /// <param name="metadata">What the file says of itself.</param>
    public static void Write(Stream stream,
        IReadOnlyList<SafetensorsSource> tensors, IEnumerable<(string Name, string Value)> metadata)
    {
        byte[] header = Header(tensors, metadata);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (SafetensorsSource tensor in tensors)
        {
            int rows = tensor.Shape.Length == 1 ? 1 : tensor.Shape[0];
            float[] row = new float[rows == 0 ? 0 : tensor.Length / rows];
            for (int r = 0; r < rows; r++)
            {
                tensor.Read(r, row);
                stream.Write(MemoryMarshal.AsBytes(row.AsSpan()));
            }
        }
    }

    private static byte[] Header(IReadOnlyList<SafetensorsSource> tensors, IEnumerable<(string Name, string Value)> metadata)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonTexts.Options))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            foreach ((string name, string value) in metadata)
                writer.WriteString(name, value);
            writer.WriteEndObject();
            long at = 0;
            foreach (SafetensorsSource tensor in tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", "F32");
                writer.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                    writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(at);
                writer.WriteNumberValue(at += tensor.Length * sizeof(float));
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        while (stream.Length % Alignment != 0)
            stream.WriteByte((byte)' ');
        return stream.Length <= SafetensorsHeader.LongestHeader ? stream.ToArray() : throw new InvalidOperationException(
            Invariant($"The names and texts take {stream.Length:N0} bytes; the header of a safetensors file has at most ") +
            Invariant($"{SafetensorsHeader.LongestHeader:N0}."));
    }
}
