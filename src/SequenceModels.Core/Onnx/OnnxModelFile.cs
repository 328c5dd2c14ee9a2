namespace SequenceModels.Onnx;

/// <summary>An ONNX model: a graph with its inputs and outputs, and what else is said of it.</summary>
internal sealed class OnnxModelFile : OnnxGraph
{
    /// <summary>The version of the operators, and of the file's format.</summary>
    public const int Opset = 14, Format = 8;

    private readonly List<ProtobufMessage> _nodes = [], _weights = [], _inputs = [], _outputs = [];
    private readonly HashSet<string> _names = [];
    private readonly SortedDictionary<string, string> _properties = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Adds an input; returns its name.</summary>
    /// <param name="name">Of the input.</param>
    /// <param name="element">What its elements are.</param>
    /// <param name="description">What it is.</param>
    /// <param name="dimensions">Numbers, or names of sizes that may be any.</param>
    public string Input(string name, OnnxElement element, string description, params string[] dimensions)
    {
        Take(name);
        _inputs.Add(OnnxMessages.Value(name, element, dimensions, description));
        return name;
    }

    /// <summary>Gives a value out.</summary>
    /// <param name="name">Of the output.</param>
    /// <param name="value">Which value.</param>
    /// <param name="element">What its elements are.</param>
    /// <param name="description">What it is.</param>
    /// <param name="dimensions">Numbers, or names of sizes that may be any.</param>
    public void Output(string name, string value, OnnxElement element, string description, params string[] dimensions)
    {
        Take(name);
        Add("Identity", "", [value], [name], []);
        _outputs.Add(OnnxMessages.Value(name, element, dimensions, description));
    }

    /// <summary>Says something of the model, by name.</summary>
    public void Property(string name, string value) => _properties[name] = value;

    public override void Add(string op, string domain, string[] inputs, string[] outputs, OnnxAttribute[] attributes) =>
        _nodes.Add(OnnxMessages.Node(op, domain, inputs, outputs, attributes));

    public override string Weights(string name, OnnxTensor tensor)
    {
        Take(name);
        _weights.Add(OnnxMessages.Floats(name, tensor));
        return name;
    }

    public override string NewName(string hint)
    {
        string name;
        do
            name = Invariant($"{hint}_{++_count}");
        while (!_names.Add(name));
        return name;
    }

    /// <summary>The model as a message.</summary>
    /// <param name="name">Of the graph.</param>
    /// <param name="version">Of what made it.</param>
    /// <exception cref="InvalidOperationException">It is larger than a file of this format may be.</exception>
    public ProtobufMessage ToMessage(string name, string version)
    {
        ProtobufMessage graph = new ProtobufMessage().Messages(1, _nodes).Text(2, name)
            .Messages(5, _weights).Messages(11, _inputs).Messages(12, _outputs);
        ProtobufMessage model = new ProtobufMessage().Integer(1, Format).Text(2, "SequenceModels").Text(3, version)
            .Message(7, graph).Message(8, new ProtobufMessage().Text(1, "").Integer(2, Opset))
            .Messages(14, _properties.Select(property => new ProtobufMessage().Text(1, property.Key).Text(2, property.Value)));
        return model.Length <= int.MaxValue ? model : throw new InvalidOperationException(
            Invariant($"The network takes {model.Length:N0} bytes as an ONNX model; a file of that format has at most ") +
            Invariant($"{int.MaxValue:N0}. Train with smaller embeddings or fewer tokens."));
    }

    protected override string AddIntegers(string name, long[] values, params int[] dimensions)
    {
        _weights.Add(OnnxMessages.Integers(name, values, dimensions));
        return name;
    }

    protected override string AddNumber(string name, float value)
    {
        _weights.Add(OnnxMessages.Floats(name, OnnxTensor.Of([value])));
        return name;
    }

    private void Take(string name)
    {
        if (!_names.Add(name))
            throw new ArgumentException(
                $"Two values of the ONNX model are called '{name}'. Give each input and output a name of its own.");
    }
}
