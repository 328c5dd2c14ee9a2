using Microsoft.ML.Data;
using SequenceModels.Interop;
using SequenceModels.Onnx;

namespace SequenceModels.Columns;

/// <summary>
/// The sequences of a column as values of a graph. Rows of one batch may have different lengths: behind a row's last step stand
/// values that are none, 2^32 - 1 for a key and NaN for a number.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="values">[B, T] int64 keys, or [B, T, F] numbers.</param>
/// <param name="lengths">[B] int64: how many steps each row has.</param>
internal sealed class OnnxSequences(PipelineGraph graph, string values, string lengths)
{
    private const int NoKey = -1;

    private string? _shape, _mask;

    /// <summary>
    /// [B, T] int64 keys, with -1 behind a row's last step, or [B, T, F] numbers, with anything there that is finite.
    /// </summary>
    public string Values => values;

    /// <summary>[B] int64.</summary>
    public string Lengths => lengths;

    /// <summary>[1] B.</summary>
    public string Batch => graph.Size(Shape, 0);

    /// <summary>[1] T.</summary>
    public string Steps => graph.Size(Shape, 1);

    /// <summary>[B, T] whether a row has the step.</summary>
    public string Mask => _mask ??= graph.Less(graph.Reshape(graph.Range(Steps), 1, -1), graph.Reshape(lengths, -1, 1));

    private string Shape => _shape ??= graph.Shape(values);

    /// <summary>Reads a column of keys.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="column">Its name.</param>
    /// <param name="count">V: a number above it is no key.</param>
    public static OnnxSequences Keys(PipelineGraph graph, string column, int count)
    {
        string keys = graph.Cast(graph.ValueOf(column), OnnxElement.Int64);
        return Marked(graph, graph.Where(graph.Less(graph.Integer(count), keys), graph.Integer(NoKey), keys));
    }

    /// <summary>Keys that say themselves where rows end.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="keys">[B, T] int64, negative behind a row's last step.</param>
    public static OnnxSequences Marked(PipelineGraph graph, string keys)
    {
        keys = graph.Reshape(keys, 0, 0); // which says what operators on texts do not: how many dimensions there are
        return new(graph, keys, CountSteps(graph, graph.Less(graph.Integer(NoKey), keys)));
    }

    /// <summary>Reads a column of numbers as frames.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="column">Its name.</param>
    /// <param name="size">F.</param>
    public static OnnxSequences Frames(PipelineGraph graph, string column, int size)
    {
        string frames = graph.Reshape(graph.ValueOf(column), 0, -1, size);
        string isNone = graph.Node("IsNaN", [frames]);
        string firstIsNone = graph.Gather(isNone, graph.Integer(0), axis: 2);
        return new(graph, graph.Where(isNone, graph.Number(0), frames),
            CountSteps(graph, graph.Node("Not", [firstIsNone])));
    }

    /// <summary>Reads a column of one-hot steps as their keys.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="column">Its name.</param>
    /// <param name="size">V.</param>
    public static OnnxSequences OneHotKeys(PipelineGraph graph, string column, int size)
    {
        if (graph.KeysBehind(graph.ValueOf(column)) is { } known)
            return Marked(graph, known);
        OnnxSequences steps = Frames(graph, column, size);
        string key = graph.Sum(graph.ArgMax(steps.Values, 2), graph.Integer(1));
        string any = graph.Less(graph.Number(0), graph.ReduceMax(steps.Values, 2));
        string keys = graph.Where(any, key, graph.Integer(0));
        return new(graph, graph.Where(steps.Mask, keys, graph.Integer(NoKey)), steps.Lengths);
    }

    /// <summary>Makes the keys the value of a column.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="type">A vector of keys.</param>
    public void DefineKeys(string column, VectorDataViewType type)
    {
        string keys = graph.Where(Mask, values, graph.Integer(NoKey)); // which is 2^32 - 1 where there are no signs
        graph.Define(column, type, graph.Cast(keys, ElementOf(type.ItemType.RawType)));
    }

    /// <summary>Makes the numbers the value of a column.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="type">A vector of numbers, of any length or of a fixed one.</param>
    /// <returns>The name of the value.</returns>
    public string DefineFrames(string column, VectorDataViewType type)
    {
        string there = graph.ReshapeTo(Mask, graph.Concat(0, Batch, Steps, graph.Integers(1)));
        string frames = graph.Where(there, values, graph.Number(float.NaN));
        return graph.Define(column, type, Lay(graph, frames, type));
    }

    /// <summary>Makes the keys, as one-hot vectors, the value of a column.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="type">[*, V] or [T, V].</param>
    /// <param name="size">V.</param>
    public void DefineOneHot(string column, VectorDataViewType type, int size)
    {
        // A number that is no key has no one: V, which lies beyond the vector. -1 would count from its end.
        string unknown = graph.Integer(size), index = graph.Difference(values, graph.Integer(1));
        index = graph.Where(graph.Less(index, graph.Integer(0)), unknown, index);
        string onOff = graph.Weights("on_off", OnnxTensor.Of([0, 1], 2));
        string steps = graph.Node("OneHot", [index, graph.Integer(size), onOff], ("axis", -1));
        graph.Remember(new OnnxSequences(graph, steps, lengths).DefineFrames(column, type), values);
    }

    /// <summary>Numbers as ML.NET lays those of a vector.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="numbers">Of rows.</param>
    /// <param name="type">The vector.</param>
    public static string Lay(PipelineGraph graph, string numbers, VectorDataViewType type) => graph.Reshape(numbers,
        [0, .. !type.IsKnownSize ? [-1] : type.Size == 1 ? [1] : type.Dimensions.Select(size => (long)size)]);

    /// <summary>What keys of a type are in a graph.</summary>
    public static OnnxElement ElementOf(Type key) => key == typeof(byte) ? OnnxElement.UInt8
        : key == typeof(ushort) ? OnnxElement.UInt16 : OnnxElement.UInt32;

    /// <summary>[B] the number of steps up to a row's last one. A step more is looked at, for there may be none.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="there">[B, T].</param>
    public static string CountSteps(PipelineGraph graph, string there)
    {
        string shape = graph.Shape(there), zero = graph.Integer(0);
        string numbers = graph.Sum(graph.Reshape(graph.Range(graph.Size(shape, 1)), 1, -1), graph.Integer(1));
        string found = graph.Where(there, numbers, zero);
        string beyond = graph.Expand(zero, graph.Concat(0, graph.Size(shape, 0), graph.Integers(1)));
        return graph.ReduceMax(graph.Concat(1, found, beyond), 1);
    }
}
