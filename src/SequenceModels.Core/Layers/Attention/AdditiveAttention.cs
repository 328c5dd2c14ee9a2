using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// v · tanh(W s + U h): U h is worked out once for each of the encoder's states, W s for each of the decoder's.
/// </summary>
internal sealed unsafe class AdditiveAttention : AttentionLayer
{
    private readonly ParameterSet _parameters;
    private readonly Product _query, _key;
    private readonly Parameter _vector;

    /// <param name="parameters">Takes W, U and v.</param>
    /// <param name="source">Of the encoder.</param>
    /// <param name="hiddenSize">H of the decoder; what is added has as many numbers.</param>
    public AdditiveAttention(ParameterSet parameters, SourceShape source, int hiddenSize)
    {
        _parameters = parameters;
        Parameter Matrix(string name, int rows, int blocks) =>
            parameters.Add(new Parameter($"attention.{name}", rows, 1, hiddenSize, MatMul.PanelWidth, blocks)
            {
                Scale = ScaleOf.Columns,
            });
        _query = new Product(parameters, Matrix("W", hiddenSize, 1));
        _key = new Product(parameters, Matrix("U", source.Size, source.Directions));
        _vector = parameters.Add(new Parameter("attention.v", 1, 1, hiddenSize, Rows.Padded(hiddenSize)));
    }

    public override int QueryStride => _query.Weight.PhysicalColumns;

    public override void Initialize(ref RandomStream random)
    {
        Initializers.Glorot(_query.Weight, _parameters.Values, ref random);
        Initializers.Glorot(_key.Weight, _parameters.Values, ref random);
        Initializers.Glorot(_vector, _parameters.Values, ref random);
    }

    public override IEnumerable<Transposed> PrepareTraining() => [_query.PrepareInputGradient(), _key.PrepareInputGradient()];

    public override void ReadMemory(AttentionMemory memory)
    {
        memory.Keys.Reserve((long)memory.Rows * QueryStride);
        Project(_key, memory.Rows, memory.States.Data, memory.Stride, memory.Keys.Data);
        memory.KeyGradient.Reserve((long)memory.Rows * QueryStride);
        memory.KeyGradient.Clear((long)memory.Rows * QueryStride);
    }

    public override void MemoryBackward(AttentionMemory memory, FloatBuffer gradients) => Backward(_key, memory.Rows,
        memory.States.Data, memory.Gradient.Data, memory.Stride, memory.KeyGradient.Data, gradients);

    public override void Query(int rows, float* states, nint stride, float* queries) =>
        Project(_query, rows, states, stride, queries);

    public override void QueryBackward(int rows, float* states, float* dStates, nint stride, float* dQueries,
        FloatBuffer gradients, PendingRows? pending) =>
        Backward(_query, rows, states, dStates, stride, dQueries, gradients, pending);

    protected override void Score(AttentionMemory memory, int source, int rows, float* queries, float* scores)
    {
        int steps = memory.Steps(source), padded = memory.PaddedSteps(source);
        float* keys = memory.Keys.Data + (long)memory.Start(source) * QueryStride;
        for (int row = 0; row < rows; row++)
            AdditiveScores.Score(new AdditiveRow(queries + (long)row * QueryStride, keys, _vector.In(_parameters.Values), steps,
                QueryStride), scores + (long)row * padded);
    }

    protected override void ScoreBackward(AttentionMemory memory, int source, int rows, float* queries, float* dScores,
        float* dQueries, FloatBuffer gradients)
    {
        int steps = memory.Steps(source), padded = memory.PaddedSteps(source);
        long start = (long)memory.Start(source) * QueryStride;
        for (int row = 0; row < rows; row++)
            AdditiveScores.Backward(new AdditiveRow(queries + (long)row * QueryStride, memory.Keys.Data + start,
                _vector.In(_parameters.Values), steps, QueryStride), dScores + (long)row * padded,
                dQueries + (long)row * QueryStride, memory.KeyGradient.Data + start, _vector.In(gradients));
    }

    private static void Project(Product product, int rows, float* input, nint stride, float* output)
    {
        ProductRows to = ProductRows.InRows(output, product.Weight, product.Weight.PhysicalColumns);
        ProductInput x = product.Read(rows, input, stride);
        for (int panel = 0; panel < product.Weight.Panels; panel++)
            product.Forward(panel, rows, x, Zero, to, 0);
    }

    private static void Backward(Product product, int rows, float* input, float* dInput, nint stride, float* dOutput,
        FloatBuffer gradients, PendingRows? pending = null)
    {
        ProductRows from = ProductRows.InRows(dOutput, product.Weight, product.Weight.PhysicalColumns);
        product.AddWeightGradient(gradients, rows, input, stride, from, 0, pending);
        product.AddInputGradient(rows, from, 0, dInput, stride);
    }
}
