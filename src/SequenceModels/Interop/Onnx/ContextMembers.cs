using System.Reflection;
using Microsoft.ML.Data;
using SequenceModels.Onnx;

namespace SequenceModels.Interop;

/// <summary>The members of ML.NET's OnnxContext and OnnxNode that a graph needs.</summary>
/// <exception cref="NotSupportedException">This version of ML.NET has them elsewhere.</exception>
internal sealed class ContextMembers
{
    private const string Namespace = "Microsoft.ML.Model.OnnxConverter.";

    private static readonly Type s_node = MlNetMembers.Type(MlNetMembers.Data, $"{Namespace}OnnxNode");

    private readonly MethodInfo _addInteger = Attribute(typeof(long)), _addText = Attribute(typeof(string)),
        _addIntegers = Attribute(typeof(IEnumerable<long>)), _addTexts = Attribute(typeof(IEnumerable<string>));

    public MethodInfo ContainsColumn { get; } = Method(nameof(ContainsColumn), typeof(string));

    public MethodInfo RemoveColumn { get; } = Method(nameof(RemoveColumn), typeof(string), typeof(bool));

    public MethodInfo CheckOpSetVersion { get; } = Method(nameof(CheckOpSetVersion), typeof(int), typeof(string));

    public MethodInfo IsVariableDefined { get; } = Method(nameof(IsVariableDefined), typeof(string));

    public MethodInfo GetVariableName { get; } = Method(nameof(GetVariableName), typeof(string));

    public MethodInfo GetNodeName { get; } = Method(nameof(GetNodeName), typeof(string));

    public MethodInfo RetrieveShapeOrNull { get; } = Method(nameof(RetrieveShapeOrNull), typeof(string));

    public MethodInfo AddIntermediateVariable { get; } =
        Method(nameof(AddIntermediateVariable), typeof(DataViewType), typeof(string), typeof(bool));

    public MethodInfo CreateNode { get; } = Method(nameof(CreateNode), typeof(string), typeof(IEnumerable<string>),
        typeof(IEnumerable<string>), typeof(string), typeof(string));

    public MethodInfo AddInteger { get; } = Method("AddInitializer", typeof(long), typeof(string), typeof(bool));

    public MethodInfo AddNumber { get; } = Method("AddInitializer", typeof(float), typeof(string), typeof(bool));

    public MethodInfo AddIntegers { get; } =
        Method("AddInitializer", typeof(IEnumerable<long>), typeof(IEnumerable<long>), typeof(string), typeof(bool));

    public MethodInfo AddNumbers { get; } =
        Method("AddInitializer", typeof(IEnumerable<float>), typeof(IEnumerable<long>), typeof(string), typeof(bool));

    /// <summary>Gives a node a setting.</summary>
    /// <param name="node">An OnnxNode.</param>
    /// <param name="attribute">The setting.</param>
    public void AddAttribute(object node, OnnxAttribute attribute)
    {
        if (attribute.Value is OnnxBody)
            AddMessage(node, OnnxMessages.Attribute(attribute));
        else
            (attribute.Value switch
            {
                long => _addInteger,
                string => _addText,
                long[] => _addIntegers,
                string[] => _addTexts,
                _ => throw new NotSupportedException($"ONNX has no attribute of {attribute.Value.GetType()}."),
            }).Call(node, attribute.Name, attribute.Value);
    }

    /// <summary>
    /// A graph of an operator, which OnnxNode has no method for: it goes into the message that the converter's node wraps.
    /// </summary>
    private static void AddMessage(object node, ProtobufMessage attribute)
    {
        using var bytes = new MemoryStream();
        attribute.WriteTo(bytes);
        object message = MlNetMembers.Field(node.GetType(), "_node").GetValue(node)!;
        object attributes = MlNetMembers.Property(message.GetType(), "Attribute").GetValue(message)!;
        Type kind = attributes.GetType().GetGenericArguments()[0];
        object parser = MlNetMembers.StaticProperty(kind, "Parser").GetValue(null)!;
        object parsed = MlNetMembers.Method(parser.GetType(), "ParseFrom", typeof(byte[])).Call(parser, bytes.ToArray())!;
        MlNetMembers.Method(attributes.GetType(), "Add", kind).Call(attributes, parsed);
    }

    private static MethodInfo Method(string name, params Type[] parameters) =>
        MlNetMembers.Method(MlNetMembers.Type(MlNetMembers.Data, $"{Namespace}OnnxContext"), name, parameters);

    private static MethodInfo Attribute(Type value) => MlNetMembers.Method(s_node, "AddAttribute", typeof(string), value);
}
