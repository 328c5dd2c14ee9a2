using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace SequenceModels.Files;

/// <summary>
/// The header of a safetensors file: a length in 8 bytes, then JSON that names each tensor with its type, shape and place. Read
/// without trust: tensors must lie side by side, each as long as its shape says, and fill the file.
/// </summary>
/// <remarks>The format's specification: github.com/huggingface/safetensors, README.</remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>Bytes of the longest header that the format allows.</summary>
    public const int LongestHeader = 100_000_000;

    private const string MetadataName = "__metadata__";

    private SafetensorsHeader(long dataStart, IReadOnlyList<SafetensorsTensor> tensors,
        IReadOnlyDictionary<string, string> metadata) => (DataStart, Tensors, Metadata) = (dataStart, tensors, metadata);

    /// <summary>Where the tensors' bytes begin in the file.</summary>
    public long DataStart { get; }

    /// <summary>In the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>What the file says of itself, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads the header of a file.</summary>
    /// <param name="stream">At the file's beginning; it is left behind the header.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    public static SafetensorsHeader Read(Stream stream, long fileLength)
    {
        byte[] prefix = new byte[sizeof(ulong)];
        if (fileLength < prefix.Length)
            throw Invalid(Invariant($"it has {Counted.Of(fileLength, "byte")}, too few for a header"));
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || (long)length > fileLength - prefix.Length)
            throw Invalid(Invariant($"its header would take {length} bytes of {fileLength}"));
        byte[] json = new byte[length];
        stream.ReadExactly(json);
        if (json.Length == 0 || json[0] != '{')
            throw Invalid("its header does not begin with '{'");
        try
        {
            return Parse(json, prefix.Length + (long)length, fileLength);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            throw new InvalidDataException($"It is no safetensors file: its header is no JSON that names tensors ({e.Message}).",
                e);
        }
    }

    private static InvalidDataException Invalid(string reason) => new($"It is no safetensors file: {reason}.");

    private static SafetensorsHeader Parse(byte[] json, long dataStart, long fileLength)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        var tensors = new List<SafetensorsTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        Require(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
                throw Invalid($"it names '{name}' twice");
            if (name == MetadataName)
                ReadMetadata(ref reader, metadata);
            else
                tensors.Add(ReadTensor(ref reader, name));
        }
        if (reader.Read())
            throw Invalid("its header goes on behind its end");
        return new SafetensorsHeader(dataStart, InOrder(tensors, fileLength - dataStart), metadata);
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Require(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            Require(ref reader, JsonTokenType.String);
            if (!metadata.TryAdd(name, reader.GetString()!))
                throw Invalid($"its metadata name '{name}' twice");
        }
    }

    private static SafetensorsTensor ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        Require(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string property = reader.GetString()!;
            bool isNew = property switch
            {
                "dtype" => type is null,
                "shape" => shape is null,
                "data_offsets" => offsets is null,
                _ => throw Invalid($"it says '{property}' of '{name}', which the format does not know"),
            };
            if (!isNew)
                throw Invalid($"it says '{property}' of '{name}' twice");
            if (property == "dtype")
            {
                Require(ref reader, JsonTokenType.String);
                type = reader.GetString();
            }
            else if (property == "shape")
                shape = ReadNumbers(ref reader, name, property);
            else
                offsets = ReadNumbers(ref reader, name, property);
        }
        if (type is null || shape is null || offsets is not [var begin, var end])
            throw Invalid($"it does not say dtype, shape and two data_offsets of '{name}'");
        var tensor = new SafetensorsTensor(name, type, shape, begin, end);
        if (tensor.ElementSize == 0)
            throw Invalid($"'{name}' is of the type '{type}', which this version does not know");
        return Length(tensor) is { } length && end - begin == length ? tensor
            : throw Invalid(Invariant($"'{name}' is {tensor} and has the bytes {begin} to {end}"));
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string property)
    {
        var numbers = new List<long>();
        Require(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader) == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out long number) || number < 0)
                throw Invalid($"'{property}' of '{name}' has a number that is no size");
            numbers.Add(number);
        }
        return reader.TokenType == JsonTokenType.EndArray ? numbers
            : throw Invalid($"'{property}' of '{name}' is no list of numbers");
    }

    /// <summary>Bytes that a shape asks for; null: more than there are.</summary>
    private static long? Length(SafetensorsTensor tensor)
    {
        try
        {
            return tensor.Shape.Aggregate((long)tensor.ElementSize, (product, size) => checked(product * size));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static List<SafetensorsTensor> InOrder(List<SafetensorsTensor> tensors, long dataLength)
    {
        // An empty tensor may stand at the place where the next begins.
        List<SafetensorsTensor> ordered = [.. tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End)];
        long at = 0;
        foreach (SafetensorsTensor tensor in ordered)
        {
            if (tensor.Begin != at)
                throw Invalid(Invariant($"'{tensor.Name}' begins at byte {tensor.Begin} where {at} bytes are taken: ") +
                    "tensors overlap, or leave a hole");
            at = tensor.End;
        }
        return at == dataLength ? ordered
            : throw Invalid(Invariant($"its tensors take {at} bytes where the file has {dataLength} behind the header"));
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw Invalid("its header ends early");

    private static void Require(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type)
            throw Invalid(Invariant($"its header has {reader.TokenType} where {type} belongs, at byte {reader.TokenStartIndex}"));
    }
}
