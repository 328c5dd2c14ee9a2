using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>A learned vector for each token: row 0 for unknown tokens, row k for key k.</summary>
/// <remarks>Bengio et al., "A Neural Probabilistic Language Model", JMLR 3, 2003.</remarks>
internal sealed unsafe class Embedding
{
    /// <summary>The name of the table of the first feature that is tokens.</summary>
    public const string TableName = "embedding";

    private readonly ParameterSet _parameters;

    private readonly bool _tied;

    /// <param name="parameters">Takes the table.</param>
    /// <param name="vocabularySize">V.</param>
    /// <param name="size">E.</param>
    /// <param name="name">The table's.</param>
    /// <param name="tied">
    /// Whether the output layer has the same weights: then every row has a gradient, whether or not its token occurs.
    /// </param>
    public Embedding(ParameterSet parameters, int vocabularySize, int size, string name = TableName, bool tied = false)
    {
        _parameters = parameters;
        _tied = tied;
        var table = new Parameter(name, vocabularySize + 1, 1, size, Rows.Padded(size))
        {
            Scale = tied ? ScaleOf.OutputRows : ScaleOf.Rows,
        };
        Table = tied ? parameters.Add(table) : parameters.AddTable(table);
    }

    /// <summary>[V + 1, E].</summary>
    public Parameter Table { get; }

    /// <summary>Floats of a vector, padded to a multiple of 16.</summary>
    public int Stride => Table.PhysicalColumns;

    /// <summary>
    /// Vectors of length 1 or so where they are output weights too: larger ones would begin with outputs that are far too sure.
    /// </summary>
    /// <param name="random">Where they are drawn from.</param>
    /// <param name="deviation">Of their numbers; of output weights, divided by the square root of their length.</param>
    public void Initialize(ref RandomStream random, float deviation) =>
        Initializers.Normal(Table, _parameters.Values, (_tied ? Math.Sqrt(Table.Units) : 1) / deviation, ref random);

    /// <summary>The vector of a key.</summary>
    public float* VectorOf(uint token) => Table.In(_parameters.Values) + (long)token * Stride;

    /// <summary>Adds the gradients of the vectors that entered [tokens, E] to the table's, one by one in their order.</summary>
    public void AddGradients(ReadOnlySpan<uint> tokens, float* dVectors, FloatBuffer gradients)
    {
        for (int i = 0; i < tokens.Length; i++)
            Rows.Add(dVectors + (long)i * Stride, Table.In(gradients) + (long)tokens[i] * Stride, Stride);
    }

    /// <summary>Writes the vector of each token: output [tokens, E].</summary>
    public void Forward(ReadOnlySpan<uint> tokens, float* output)
    {
        WorkClock.Begin(WorkKind.Gather, Table.Name, 0, 2.0 * sizeof(float) * tokens.Length * Stride);
        for (int row = 0; row < tokens.Length; row++)
            Rows.Copy(VectorOf(tokens[row]), output + (long)row * Stride, Stride);
        WorkClock.End();
    }

    /// <summary>
    /// The same into rows that are shared with others: <paramref name="stride"/> floats apart, of which E are written.
    /// </summary>
    public void Forward(ReadOnlySpan<uint> tokens, float* output, nint stride)
    {
        for (int row = 0; row < tokens.Length; row++)
            Rows.Copy(VectorOf(tokens[row]), output + row * stride, Table.Units);
    }
}
