namespace SequenceModels.Onnx;

/// <summary>
/// A graph of ONNX operators that is being built. Only operators are used that mean the same in opsets 12 to 14, so that one
/// graph serves a file of our own and whoever else writes one.
/// </summary>
internal abstract partial class OnnxGraph
{
    private readonly Dictionary<string, string> _constants = [];

    /// <summary>Adds an operator with one output; returns the output's name.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">Names of values; empty: an input that is left out.</param>
    /// <param name="attributes">Its settings.</param>
    public string Node(string op, string[] inputs, params OnnxAttribute[] attributes)
    {
        string output = NewName(op);
        Add(op, "", inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds an operator; returns the names of its outputs.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="count">How many outputs.</param>
    /// <param name="inputs">Names of values; empty: an input that is left out.</param>
    /// <param name="attributes">Its settings.</param>
    public string[] Nodes(string op, int count, string[] inputs, params OnnxAttribute[] attributes)
    {
        string[] outputs = [.. Enumerable.Range(0, count).Select(_ => NewName(op))];
        Add(op, "", inputs, outputs, attributes);
        return outputs;
    }

    /// <summary>Adds an operator.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="domain">Whose it is; empty: ONNX's own.</param>
    /// <param name="inputs">Names of values.</param>
    /// <param name="outputs">Names of what it gives.</param>
    /// <param name="attributes">Its settings.</param>
    public abstract void Add(string op, string domain, string[] inputs, string[] outputs, OnnxAttribute[] attributes);

    /// <summary>Adds weights; returns their name.</summary>
    /// <param name="name">What to call them.</param>
    /// <param name="tensor">The weights.</param>
    public abstract string Weights(string name, OnnxTensor tensor);

    /// <summary>A graph of an operator of this one, such as the step of a scan; it sees the values of this one.</summary>
    public OnnxBody CreateBody() => new(this);

    /// <summary>A name that no other value has.</summary>
    /// <param name="hint">What it should begin with.</param>
    public abstract string NewName(string hint);

    /// <summary>A vector of whole numbers [n]; one that is there already is used again.</summary>
    public string Integers(params long[] values) => Constant($"[{string.Join(',', values.Select(InvariantText.Of))}]", name =>
        AddIntegers(name, values, values.Length));

    /// <summary>A whole number without a dimension.</summary>
    public string Integer(long value) => Constant(InvariantText.Of(value), name => AddIntegers(name, [value]));

    /// <summary>A number without a dimension.</summary>
    public string Number(float value) => Constant(Invariant($"{value:R}f"), name => AddNumber(name, value));

    /// <summary>Adds a constant under a name that is new.</summary>
    protected abstract string AddIntegers(string name, long[] values, params int[] dimensions);

    /// <summary>Adds a constant without a dimension under a name that is new.</summary>
    protected abstract string AddNumber(string name, float value);

    private string Constant(string key, Func<string, string> add)
    {
        if (!_constants.TryGetValue(key, out string? name))
            _constants.Add(key, name = add(NewName("constant")));
        return name;
    }
}
