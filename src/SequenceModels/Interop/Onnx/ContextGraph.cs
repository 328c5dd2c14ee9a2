using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using SequenceModels.Onnx;

namespace SequenceModels.Interop;

/// <summary>A graph that ML.NET's converter builds: its OnnxContext, reached by reflection.</summary>
internal sealed class ContextGraph : PipelineGraph
{
    /// <summary>Of the operators that are used; ML.NET writes none that is newer.</summary>
    private const int LowestOpset = 12;

    private static readonly Lazy<ContextMembers> s_members = new(() => new ContextMembers());
    private static readonly ConditionalWeakTable<object, ContextGraph> s_graphs = [];

    private readonly ContextMembers _members = s_members.Value;
    private readonly object _context;

    private ContextGraph(object context)
    {
        _context = context;
        Call(_members.CheckOpSetVersion, LowestOpset, nameof(SequenceModels));
    }

    /// <summary>The graph of a context: one for all steps of a pipeline.</summary>
    /// <param name="context">An OnnxContext.</param>
    /// <exception cref="ArgumentException">It is one of an older opset.</exception>
    public static ContextGraph Of(object context) => s_graphs.GetValue(context, key => new ContextGraph(key));

    public override string ValueOf(string column) => Call(_members.ContainsColumn, column) is true
        ? (string)Call(_members.GetVariableName, column)!
        : throw new NotSupportedException(LeftOut.GetValueOrDefault(column) ??
            $"Column '{column}' is not in the ONNX model: the step of the pipeline that makes it does not write it. " +
            "Sequences().ExplainOnnx tells more.");

    public override void LeaveOut(string column, string reason)
    {
        base.LeaveOut(column, reason);
        if (Call(_members.ContainsColumn, column) is true) // of another column, which the new one hides
            Call(_members.RemoveColumn, column, false);
    }

    public override string Define(string column, DataViewType type, string value)
    {
        string name = (string)Call(_members.AddIntermediateVariable, type, column, false)!;
        // ML.NET notes 1 where a vector is of any length. MapKeyToValue takes that for its size; 0 it takes for any.
        if (type is VectorDataViewType { IsKnownSize: false } && Call(_members.RetrieveShapeOrNull, name) is IList sizes)
            sizes[1] = 0L;
        Add("Identity", "", [value], [name], []);
        return name;
    }

    public override void Add(string op, string domain, string[] inputs, string[] outputs, OnnxAttribute[] attributes)
    {
        object node = Call(_members.CreateNode, op, inputs, outputs, Call(_members.GetNodeName, op), domain)!;
        foreach (OnnxAttribute attribute in attributes)
            _members.AddAttribute(node, attribute);
    }

    public override string Weights(string name, OnnxTensor tensor) => tensor.Dimensions.Count == 0
        ? AddNumber(FreeName(name), tensor.ToArray()[0])
        : (string)Call(_members.AddNumbers, tensor.ToArray(), Sizes(tensor.Dimensions), FreeName(name), false)!;

    protected override bool IsTaken(string name) =>
        Call(_members.ContainsColumn, name) is true || Call(_members.IsVariableDefined, name) is true;

    protected override void Declare(string name) => Call(_members.AddIntermediateVariable, null, name, true);

    protected override string AddIntegers(string name, long[] values, params int[] dimensions) => (string)
        (dimensions.Length == 0 ? Call(_members.AddInteger, values[0], name, false)
            : Call(_members.AddIntegers, values, Sizes(dimensions), name, false))!;

    protected override string AddNumber(string name, float value) => (string)Call(_members.AddNumber, value, name, false)!;

    private static long[] Sizes(IReadOnlyList<int> dimensions) => [.. dimensions.Select(size => (long)size)];

    private object? Call(MethodInfo method, params object?[] arguments) => method.Call(_context, arguments);
}
