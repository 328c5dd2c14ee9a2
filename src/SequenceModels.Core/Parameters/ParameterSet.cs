using SequenceModels.Kernels;

namespace SequenceModels.Parameters;

/// <summary>All parameters of a network in one buffer, so that the optimizer, clipping and saving are single loops.</summary>
internal sealed class ParameterSet
{
    private readonly List<Parameter> _dense = [];
    private readonly List<Parameter> _tables = [];
    private readonly List<(long End, bool OfVectors)> _runs = [];

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
    public FloatBuffer Values { get; } = new();

    public Parameter Add(Parameter parameter)
    {
        _dense.Add(parameter);
        return parameter;
    }

    public Parameter AddTable(Parameter parameter)
    {
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
    /// Where the stretch of the buffer ends in which all floats belong to vectors (biases and the like), or none does,
    /// like the float at <paramref name="from"/>.
    /// </summary>
    /// <returns>A multiple of 16.</returns>
    public long EndOfRun(long from, out bool ofVectors)
    {
        foreach ((long end, bool vectors) in _runs)
            if (from < end)
            {
                ofVectors = vectors;
                return end;
            }
        throw new ArgumentOutOfRangeException(nameof(from), InvariantText.Of(from),
            Invariant($"The parameters end at {Length}."));
    }

    /// <summary>Takes the memory for the values, all zero.</summary>
    public void Allocate() => Values.Reserve(Length);

    private long Place(Parameter parameter)
    {
        parameter.Offset = Length;
        long end = checked(Length + parameter.Length);
        if (_runs.Count > 0 && _runs[^1].OfVectors == parameter.IsVector)
            _runs[^1] = (end, parameter.IsVector);
        else
            _runs.Add((end, parameter.IsVector));
        return end;
    }
}
