namespace SequenceModels.Onnx;

/// <summary>
/// The graph of an operator, such as the step of a scan. Its constants and weights stand in the graph around it.
/// </summary>
/// <param name="outer">The graph that has the operator.</param>
internal sealed class OnnxBody(OnnxGraph outer) : OnnxGraph
{
    private readonly List<ProtobufMessage> _nodes = [], _inputs = [], _outputs = [];

    /// <summary>Adds an input; returns its name.</summary>
    public string Input(OnnxElement element)
    {
        string name = NewName("in");
        _inputs.Add(OnnxMessages.Value(name, element, dimensions: null));
        return name;
    }

    /// <summary>Gives a value out, under a name of its own.</summary>
    public void Output(string value, OnnxElement element)
    {
        string name = NewName("out");
        Add("Identity", "", [value], [name], []);
        _outputs.Add(OnnxMessages.Value(name, element, dimensions: null));
    }

    public override void Add(string op, string domain, string[] inputs, string[] outputs, OnnxAttribute[] attributes) =>
        _nodes.Add(OnnxMessages.Node(op, domain, inputs, outputs, attributes));

    public override string Weights(string name, OnnxTensor tensor) => outer.Weights(name, tensor);

    public override string NewName(string hint) => outer.NewName(hint);

    public ProtobufMessage ToMessage() =>
        new ProtobufMessage().Messages(1, _nodes).Text(2, "body").Messages(11, _inputs).Messages(12, _outputs);

    protected override string AddIntegers(string name, long[] values, params int[] dimensions) =>
        dimensions.Length == 0 ? outer.Integer(values[0]) : outer.Integers(values);

    protected override string AddNumber(string name, float value) => outer.Number(value);
}
