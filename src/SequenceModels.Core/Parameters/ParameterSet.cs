using SequenceModels.Kernels;

namespace SequenceModels.Parameters;

/// <summary>All parameters of a network in one buffer, so that the optimizer, clipping and saving are single loops.</summary>
internal sealed class ParameterSet
{
    private readonly List<Parameter> _dense = [];
    private readonly List<Parameter> _tables = [];
    private readonly List<ParameterRun> _runs = [];

    /// <summary>The <see cref="Parameter.Depth"/> of those that are added next.</summary>
    public int Depth { get; set; }

    /// <summary>The largest <see cref="Parameter.Depth"/>.</summary>
    public int LargestDepth => All.Max(parameter => parameter.Depth);

    /// <summary>In the order of the buffer.</summary>
    public IEnumerable<Parameter> All => _dense.Concat(_tables);

    /// <summary>
    /// Parameters whose rows are picked by tokens; they stand last. Only picked rows have gradients, so shards share one buffer.
    /// </summary>
    public IReadOnlyList<Parameter> Tables => _tables;

    /// <summary>Floats of all parameters, padding included.</summary>
    public long Length { get; private set; }

    /// <summary>Floats of the parameters that every shard has a gradient of its own for: all but the tables.</summary>
    public long DenseLength { get; private set; }

    /// <summary>Elements as the user counts them: what a model file holds.</summary>
    public long LogicalLength => All.Sum(p => p.LogicalLength);

    /// <summary>The values.</summary>
    public FloatBuffer Values { get; private set; } = new();

    /// <summary>
    /// Of a network that scores with 8-bit weights: their scales. The values must not change any more. Null: weights are floats.
    /// </summary>
    public EightBitScales? EightBits { get; set; }

    public Parameter Add(Parameter parameter)
    {
        parameter.Depth = Depth;
        _dense.Add(parameter);
        return parameter;
    }

    public Parameter AddTable(Parameter parameter)
    {
        parameter.Depth = Depth;
        _tables.Add(parameter);
        return parameter;
    }

    /// <summary>Gives each parameter its place, once all are known. Takes no memory yet.</summary>
    public void LayOut()
    {
        Length = 0;
        _runs.Clear();
        foreach (Parameter parameter in _dense)
            Length = Place(parameter);
        DenseLength = Length;
        foreach (Parameter parameter in _tables)
            Length = Place(parameter);
    }

    /// <summary>
    /// The stretch of the buffer in which all floats are moved alike that the float at <paramref name="from"/> lies in.
    /// </summary>
    public ParameterRun RunAt(long from)
    {
        foreach (ParameterRun run in _runs)
            if (from < run.End)
                return run;
        throw new ArgumentOutOfRangeException(nameof(from), InvariantText.Of(from),
            Invariant($"The parameters end at {Length}."));
    }

    /// <summary>Takes the memory for the values, all zero.</summary>
    public void Allocate() => Values.Reserve(Length);

    /// <summary>Takes no memory, but the values of a set of the same parameters: both have these from now on.</summary>
    public void ShareValues(ParameterSet other) => Values = other.Values;

    private long Place(Parameter parameter)
    {
        parameter.Offset = Length;
        long end = checked(Length + parameter.Length);
        var run = new ParameterRun(end, parameter.IsVector, parameter.Depth);
        if (_runs.Count > 0 && _runs[^1] with { End = end } == run)
            _runs[^1] = run;
        else
            _runs.Add(run);
        return end;
    }
}

/// <summary>A stretch of the buffer of parameters that lie together and are moved alike.</summary>
/// <param name="End">Where it ends; a multiple of 16.</param>
/// <param name="OfVectors">Whether the floats belong to vectors (biases and the like), or none does.</param>
/// <param name="Depth">Of their parameters.</param>
internal readonly record struct ParameterRun(long End, bool OfVectors, int Depth);
