using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SequenceModels.Onnx;

/// <summary>The pieces of an ONNX model file, by the field numbers of onnx.proto.</summary>
internal static class OnnxMessages
{
    private const int IntegerKind = 2, TextKind = 3, GraphKind = 5, IntegersKind = 7, TextsKind = 8;

    public static ProtobufMessage Node(string op, string domain, IEnumerable<string> inputs, IEnumerable<string> outputs,
        IEnumerable<OnnxAttribute> attributes)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs)
            node.Text(1, input);
        foreach (string output in outputs)
            node.Text(2, output);
        node.Text(4, op).Messages(5, attributes.Select(Attribute));
        return domain.Length == 0 ? node : node.Text(7, domain);
    }

    public static ProtobufMessage Attribute(OnnxAttribute attribute)
    {
        ProtobufMessage message = new ProtobufMessage().Text(1, attribute.Name);
        switch (attribute.Value)
        {
            case long value:
                return message.Integer(3, value).Integer(20, IntegerKind);
            case string value:
                return message.Text(4, value).Integer(20, TextKind);
            case OnnxBody body:
                return message.Message(6, body.ToMessage()).Integer(20, GraphKind);
            case long[] values:
                foreach (long value in values)
                    message.Integer(8, value);
                return message.Integer(20, IntegersKind);
            case string[] values:
                foreach (string value in values)
                    message.Text(9, value);
                return message.Integer(20, TextsKind);
            default:
                throw new NotSupportedException($"ONNX has no attribute of {attribute.Value.GetType()}.");
        }
    }

    public static ProtobufMessage Floats(string name, OnnxTensor tensor) =>
        Tensor(name, OnnxElement.Float, tensor.Dimensions).Content(9, tensor.Length * sizeof(float), stream =>
        {
            float[] row = new float[tensor.RowLength];
            for (int r = 0; r < tensor.Rows; r++)
            {
                tensor.Read(r, row);
                stream.Write(MemoryMarshal.AsBytes(row.AsSpan())); // little-endian, as all that .NET runs on
            }
        });

    public static ProtobufMessage Integers(string name, long[] values, params int[] dimensions) =>
        Tensor(name, OnnxElement.Int64, dimensions).Bytes(9, MemoryMarshal.AsBytes<long>(values));

    /// <summary>A name with its type, and its shape where that is known.</summary>
    /// <param name="name">The value's.</param>
    /// <param name="element">What its elements are.</param>
    /// <param name="dimensions">A number, or the name of a size that may be any; null: nothing is said of the shape.</param>
    /// <param name="description">What the value is; empty: nothing is said.</param>
    public static ProtobufMessage Value(string name, OnnxElement element, IEnumerable<string>? dimensions,
        string description = "")
    {
        ProtobufMessage tensor = new ProtobufMessage().Integer(1, (long)element);
        if (dimensions is not null)
            tensor.Message(2, new ProtobufMessage().Messages(1, dimensions.Select(dimension =>
                long.TryParse(dimension, NumberStyles.None, CultureInfo.InvariantCulture, out long size)
                ? new ProtobufMessage().Integer(1, size)
                : new ProtobufMessage().Text(2, dimension))));
        ProtobufMessage value = new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, tensor));
        return description.Length == 0 ? value : value.Text(3, description);
    }

    private static ProtobufMessage Tensor(string name, OnnxElement element, IEnumerable<int> dimensions)
    {
        var tensor = new ProtobufMessage();
        foreach (int dimension in dimensions)
            tensor.Integer(1, dimension);
        return tensor.Integer(2, (long)element).Bytes(8, Encoding.UTF8.GetBytes(name));
    }
}
