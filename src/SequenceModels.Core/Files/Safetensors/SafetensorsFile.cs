using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SequenceModels.Files;

/// <summary>The tensors of a safetensors file, which are read when they are asked for. Not for several threads at once.</summary>
/// <param name="stream">The file, which can seek.</param>
internal sealed class SafetensorsFile(Stream stream)
{
    private readonly SafetensorsHeader _header = SafetensorsHeader.Read(stream, stream.Length);

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors =>
        field ??= _header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>
    /// Whether a file begins as one: with a length of 8 bytes, more than half of them zero, and a brace. No text does.
    /// </summary>
    public static bool IsOne(string path)
    {
        Span<byte> begin = stackalloc byte[sizeof(ulong) + 1];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length && begin[^1] == '{' &&
            BinaryPrimitives.ReadUInt64LittleEndian(begin) <= SafetensorsHeader.LongestHeader;
    }

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads what it needs of it.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged, or not what is asked for.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static T Read<T>(string path, Func<SafetensorsFile, T> read) => PayloadFile.Read(path, stream =>
    {
        T content = read(new SafetensorsFile(stream));
        stream.Position = stream.Length; // the header has been held to the file's length
        return content;
    });

    /// <summary>Reads floats of a tensor, whatever kind of floats they are.</summary>
    /// <param name="tensor">Of this file.</param>
    /// <param name="first">The first element.</param>
    /// <param name="values">Written whole.</param>
    /// <exception cref="InvalidDataException">They are no floats, or one is not finite.</exception>
    public void ReadFloats(SafetensorsTensor tensor, long first, Span<float> values)
    {
        int size = tensor.ElementSize;
        stream.Position = _header.DataStart + tensor.Begin + first * size;
        Span<byte> block = stackalloc byte[1024];
        for (int done = 0; done < values.Length;)
        {
            int count = Math.Min(block.Length / size, values.Length - done);
            Span<byte> bytes = block[..(count * size)];
            stream.ReadExactly(bytes);
            Convert(tensor, bytes, values.Slice(done, count));
            done += count;
        }
        if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(values))
            throw new InvalidDataException($"'{tensor.Name}' has a number that is NaN, infinite or too large for a float.");
    }

    private static void Convert(SafetensorsTensor tensor, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (tensor.Type)
        {
            case "F32":
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                break;
            case "F64":
                ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(bytes);
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)doubles[i];
                break;
            case "F16":
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes);
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)halves[i];
                break;
            case "BF16":
                ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < values.Length; i++)
                    values[i] = BitConverter.Int32BitsToSingle(upper[i] << 16);
                break;
            default:
                throw new InvalidDataException($"'{tensor.Name}' is {tensor}; weights are F32, F64, F16 or BF16.");
        }
    }
}
