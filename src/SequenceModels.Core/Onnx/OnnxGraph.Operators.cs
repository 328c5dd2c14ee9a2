namespace SequenceModels.Onnx;

/// <summary>Operators by name, their shapes being the caller's concern.</summary>
internal abstract partial class OnnxGraph
{
    public string Sum(string a, string b) => Node("Add", [a, b]);

    public string Difference(string a, string b) => Node("Sub", [a, b]);

    public string Product(string a, string b) => Node("Mul", [a, b]);

    public string Quotient(string a, string b) => Node("Div", [a, b]);

    public string MatMul(string a, string b) => Node("MatMul", [a, b]);

    public string Sigmoid(string x) => Node("Sigmoid", [x]);

    public string Tanh(string x) => Node("Tanh", [x]);

    /// <summary>Over the last axis.</summary>
    public string Softmax(string x, int rank) => Node("Softmax", [x], ("axis", rank - 1L));

    /// <summary>Of elements where a condition holds the first, else the second.</summary>
    public string Where(string condition, string yes, string no) => Node("Where", [condition, yes, no]);

    public string Less(string a, string b) => Node("Less", [a, b]);

    public string Cast(string x, OnnxElement element) => Node("Cast", [x], ("to", (long)element));

    public string Shape(string x) => Node("Shape", [x]);

    /// <summary>One size of a shape, as a vector of one number.</summary>
    public string Size(string shape, int axis) => Gather(shape, Integers(axis));

    /// <summary>Rows, or entries of another axis, picked by indices, whose shape stands in the axis' place.</summary>
    public string Gather(string x, string indices, int axis = 0) => Node("Gather", [x, indices], ("axis", (long)axis));

    public string Concat(int axis, params string[] parts) =>
        parts.Length == 1 ? parts[0] : Node("Concat", parts, ("axis", (long)axis));

    /// <summary>0 keeps a size, one -1 takes what is left.</summary>
    public string Reshape(string x, params long[] shape) => Node("Reshape", [x, Integers(shape)]);

    public string ReshapeTo(string x, string shape) => Node("Reshape", [x, shape]);

    public string Transpose(string x, params long[] order) => Node("Transpose", [x], ("perm", order));

    /// <summary>Entries from begin to end, which a negative number counts from the axis' own end.</summary>
    public string Slice(string x, int axis, long begin, long end) =>
        Node("Slice", [x, Integers(begin), Integers(end), Integers(axis)]);

    public string Expand(string x, string shape) => Node("Expand", [x, shape]);

    /// <summary>0, 1, ... as many as the number of a vector of one says.</summary>
    public string Range(string count) => Node("Range", [Integer(0), Node("Reshape", [count, NoDimensions()]), Integer(1)]);

    public string ReduceMax(string x, int axis, bool keeps = false) =>
        Node("ReduceMax", [x], ("axes", [(long)axis]), ("keepdims", keeps ? 1 : 0));

    public string ReduceMean(string x, int axis, bool keeps = false) =>
        Node("ReduceMean", [x], ("axes", [(long)axis]), ("keepdims", keeps ? 1 : 0));

    public string ArgMax(string x, int axis, bool keeps = false) =>
        Node("ArgMax", [x], ("axis", (long)axis), ("keepdims", keeps ? 1 : 0));

    /// <summary>The shape of a number.</summary>
    private string NoDimensions() => Integers();
}
