using System.Runtime.InteropServices;

namespace SequenceModels.Tests.Onnx;

/// <summary>The pieces of an ONNX model file (opset 14), by the field numbers of onnx.proto.</summary>
internal static class OnnxModel
{
    private const int Float = 1, Int32 = 6, Int64 = 7, IntegerAttribute = 2, TextAttribute = 3, IntegersAttribute = 7;

    public static byte[] Write(IEnumerable<ProtobufMessage> nodes, IEnumerable<ProtobufMessage> weights,
        IEnumerable<ProtobufMessage> inputs, IEnumerable<ProtobufMessage> outputs)
    {
        ProtobufMessage graph = new ProtobufMessage().Messages(1, nodes).Text(2, "recurrent")
            .Messages(5, weights).Messages(11, inputs).Messages(12, outputs);
        ProtobufMessage operators = new ProtobufMessage().Text(1, "").Integer(2, 14);
        return new ProtobufMessage().Integer(1, 8).Message(7, graph).Message(8, operators).ToArray();
    }

    public static ProtobufMessage Node(string op, string[] inputs, string[] outputs, params ProtobufMessage[] attributes)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs)
            node.Text(1, input);
        foreach (string output in outputs)
            node.Text(2, output);
        return node.Text(4, op).Messages(5, attributes);
    }

    public static ProtobufMessage Attribute(string name, long value) =>
        new ProtobufMessage().Text(1, name).Integer(3, value).Integer(20, IntegerAttribute);

    public static ProtobufMessage Attribute(string name, string value) =>
        new ProtobufMessage().Text(1, name).Text(4, value).Integer(20, TextAttribute);

    public static ProtobufMessage Attribute(string name, long[] values)
    {
        ProtobufMessage attribute = new ProtobufMessage().Text(1, name);
        foreach (long value in values)
            attribute.Integer(8, value);
        return attribute.Integer(20, IntegersAttribute);
    }

    public static ProtobufMessage Weights(string name, float[] values, params int[] dimensions) =>
        Tensor(name, Float, MemoryMarshal.AsBytes<float>(values), dimensions);

    /// <summary>A constant that says the shape of something else.</summary>
    public static ProtobufMessage Shape(string name, params long[] values) =>
        Tensor(name, Int64, MemoryMarshal.AsBytes<long>(values), [values.Length]);

    public static ProtobufMessage FloatValue(string name, params int[] dimensions) => Value(name, Float, dimensions);

    public static ProtobufMessage Int32Value(string name, params int[] dimensions) => Value(name, Int32, dimensions);

    public static ProtobufMessage Int64Value(string name, params int[] dimensions) => Value(name, Int64, dimensions);

    private static ProtobufMessage Tensor(string name, int type, ReadOnlySpan<byte> content, int[] dimensions)
    {
        var tensor = new ProtobufMessage();
        foreach (int dimension in dimensions)
            tensor.Integer(1, dimension);
        return tensor.Integer(2, type).Text(8, name).Bytes(9, content);
    }

    private static ProtobufMessage Value(string name, int type, int[] dimensions)
    {
        ProtobufMessage shape = new ProtobufMessage().Messages(1, dimensions.Select(d => new ProtobufMessage().Integer(1, d)));
        ProtobufMessage tensor = new ProtobufMessage().Integer(1, type).Message(2, shape);
        return new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, tensor));
    }
}
