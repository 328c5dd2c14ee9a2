using Microsoft.ML.Data;
using SequenceModels.Onnx;

namespace SequenceModels.Interop;

/// <summary>
/// The graph of a pipeline that becomes an ONNX model: what a step reads and adds are values of the graph, known by the names of
/// columns.
/// </summary>
internal abstract class PipelineGraph : OnnxGraph
{
    private readonly Dictionary<string, string> _keys = [], _leftOut = [];
    private int _count;

    /// <summary>The value of a column.</summary>
    /// <param name="column">Its name.</param>
    /// <exception cref="NotSupportedException">What makes the column is not in the graph.</exception>
    public abstract string ValueOf(string column);

    /// <summary>Makes a value the one of a column that is added.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="type">Its type, which says how the value must lie.</param>
    /// <param name="value">
    /// [B, 1] of a column that is no vector, [B, N] of a vector of any length, [B, dimensions] of a vector of fixed size.
    /// </param>
    /// <returns>The name that the value then has.</returns>
    public abstract string Define(string column, DataViewType type, string value);

    /// <summary>The columns that are not in the graph though a step adds them, and why.</summary>
    public IReadOnlyDictionary<string, string> LeftOut => _leftOut;

    /// <summary>Says that a column that is added has no value: whatever reads it cannot be converted.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="reason">Why, in a sentence.</param>
    public virtual void LeaveOut(string column, string reason) => _leftOut[column] = reason;

    /// <summary>Tells the graph that one-hot steps were made of keys, which spares a reader to look for the ones.</summary>
    /// <param name="steps">The value of one-hot steps.</param>
    /// <param name="keys">[B, T] int64, -1 behind a row's last step.</param>
    public void Remember(string steps, string keys) => _keys[steps] = keys;

    /// <summary>What <see cref="Remember"/> was told; null: nothing.</summary>
    public string? KeysBehind(string steps) => _keys.GetValueOrDefault(steps);

    public sealed override string NewName(string hint)
    {
        string name = FreeName(hint);
        Declare(name);
        return name;
    }

    /// <summary>A name that no value and no column has.</summary>
    protected string FreeName(string hint)
    {
        string name;
        do
            name = Invariant($"sequences.{hint}_{++_count}");
        while (IsTaken(name));
        return name;
    }

    protected abstract bool IsTaken(string name);

    /// <summary>Announces a value that an operator will give.</summary>
    protected abstract void Declare(string name);
}
