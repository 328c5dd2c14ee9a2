using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>A learned vector for each token: row 0 for unknown tokens, row k for key k.</summary>
/// <remarks>Bengio et al., "A Neural Probabilistic Language Model", JMLR 3, 2003.</remarks>
internal sealed unsafe class Embedding
{
    /// <summary>The name of the first feature's table.</summary>
    public const string TableName = "embedding";

    private readonly ParameterSet _parameters;

    public Embedding(ParameterSet parameters, int vocabularySize, int size, string name = TableName)
    {
        _parameters = parameters;
        Table = parameters.AddTable(new Parameter(name, vocabularySize + 1, 1, size, Rows.Padded(size)));
    }

    /// <summary>[V + 1, E].</summary>
    public Parameter Table { get; }

    /// <summary>Floats of a vector, padded to a multiple of 16.</summary>
    public int Stride => Table.PhysicalColumns;

    public void Initialize(ref RandomStream random) => Initializers.Normal(Table, _parameters.Values, 1, ref random);

    /// <summary>The vector of a key.</summary>
    public float* VectorOf(uint token) => Table.In(_parameters.Values) + (long)token * Stride;

    /// <summary>Writes the vector of each token: output [tokens, E].</summary>
    public void Forward(ReadOnlySpan<uint> tokens, float* output)
    {
        for (int row = 0; row < tokens.Length; row++)
            Rows.Copy(VectorOf(tokens[row]), output + (long)row * Stride, Stride);
    }

    /// <summary>The same into rows that are shared with others: <paramref name="stride"/> floats apart, of which E are written.</summary>
    public void Forward(ReadOnlySpan<uint> tokens, float* output, nint stride)
    {
        for (int row = 0; row < tokens.Length; row++)
            Rows.Copy(VectorOf(tokens[row]), output + row * stride, Table.Units);
    }
}
