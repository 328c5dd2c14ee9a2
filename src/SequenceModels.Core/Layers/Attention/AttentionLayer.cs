using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// From a decoder's state to the mean of the encoder's states, weighted by the softmax of their scores over the true length of
/// the source. Of an empty source the mean is zero. Each kind of score is a class.
/// </summary>
internal abstract unsafe class AttentionLayer
{
    private static readonly FloatBuffer s_zeros = new(MatMul.PanelWidth);

    /// <summary>Q: floats of what the score is taken by of a decoder's state.</summary>
    public abstract int QueryStride { get; }

    /// <summary>The sums of a product begin at zero.</summary>
    protected static Start Zero => Start.Same(s_zeros.Data);

    /// <summary>Makes the layer, and its parameters.</summary>
    /// <param name="kind">Not None.</param>
    /// <param name="parameters">Takes the parameters.</param>
    /// <param name="source">Of the encoder.</param>
    /// <param name="hiddenSize">H of the decoder.</param>
    public static AttentionLayer Create(AttentionKind kind, ParameterSet parameters, SourceShape source, int hiddenSize) =>
        kind switch
        {
            AttentionKind.General => new GeneralAttention(parameters, source, hiddenSize),
            AttentionKind.Dot => new DotAttention(source, hiddenSize),
            AttentionKind.Additive => new AdditiveAttention(parameters, source, hiddenSize),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such attention."),
        };

    /// <summary>Draws the first weights.</summary>
    public virtual void Initialize(ref RandomStream random) { }

    /// <summary>The transposes that training must refresh after each update.</summary>
    public virtual IEnumerable<Transposed> PrepareTraining() => [];

    /// <summary>Works out what the score needs of each of the encoder's states.</summary>
    public virtual void ReadMemory(AttentionMemory memory) { }

    /// <summary>queries [rows, Q] of the decoder's states.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="states">[rows, H].</param>
    /// <param name="stride">Floats from one state to the next.</param>
    /// <param name="queries">Written.</param>
    public abstract void Query(int rows, float* states, nint stride, float* queries);

    /// <summary>From the gradients of queries to those of the states, which are added to, and of the parameters.</summary>
    /// <param name="rows">As in <see cref="Query"/>.</param>
    /// <param name="states">As in <see cref="Query"/>.</param>
    /// <param name="dStates">[rows, H] added to.</param>
    /// <param name="stride">As in <see cref="Query"/>.</param>
    /// <param name="dQueries">[rows, Q].</param>
    /// <param name="gradients">Of the parameters; added to.</param>
    /// <param name="pending">Where the rows of weight gradients wait for those of other steps; null: all are here.</param>
    public abstract void QueryBackward(int rows, float* states, float* dStates, nint stride, float* dQueries,
        FloatBuffer gradients, PendingRows? pending);

    /// <summary>From what <see cref="AttendBackward"/> has left in the memory to the gradients of its states.</summary>
    public virtual void MemoryBackward(AttentionMemory memory, FloatBuffer gradients) { }

    /// <summary>Several rows that look at the same source.</summary>
    /// <param name="memory">The sources.</param>
    /// <param name="source">Which.</param>
    /// <param name="rows">n.</param>
    /// <param name="queries">[n, Q].</param>
    /// <param name="weights">[n, S] becomes what each state counts; rows of S padded, the padding zero.</param>
    /// <param name="contexts">[n, D] becomes the weighted means.</param>
    public void Attend(AttentionMemory memory, int source, int rows, float* queries, float* weights, float* contexts)
    {
        int steps = memory.Steps(source), padded = memory.PaddedSteps(source), stride = memory.Stride;
        if (steps == 0)
        {
            new Span<float>(contexts, rows * stride).Clear();
            return;
        }
        Score(memory, source, rows, queries, weights);
        for (int row = 0; row < rows; row++)
            Softmax.Scaled(weights + (long)row * padded, steps, padded, factor: 1);
        Multiply(rows, steps, Operand.Rows(weights, padded), memory.Of(source), stride, stride, contexts);
    }

    /// <summary>From the gradients of the means to those of the memory, the queries and the parameters.</summary>
    /// <param name="memory">As in <see cref="Attend"/>; its gradients are added to.</param>
    /// <param name="source">As in <see cref="Attend"/>.</param>
    /// <param name="rows">n.</param>
    /// <param name="queries">[n, Q].</param>
    /// <param name="weights">[n, S] as <see cref="Attend"/> left them.</param>
    /// <param name="dContexts">[n, D].</param>
    /// <param name="dScores">[n, S] scratch memory.</param>
    /// <param name="dQueries">[n, Q] written.</param>
    /// <param name="gradients">Of the parameters; added to.</param>
    public void AttendBackward(AttentionMemory memory, int source, int rows, float* queries, float* weights, float* dContexts,
        float* dScores, float* dQueries, FloatBuffer gradients)
    {
        int steps = memory.Steps(source), padded = memory.PaddedSteps(source), stride = memory.Stride;
        new Span<float>(dQueries, rows * QueryStride).Clear();
        if (steps == 0)
            return;
        Multiply(rows, stride, Operand.Rows(dContexts, stride), memory.TransposedOf(source), padded, padded, dScores);
        for (int row = 0; row < rows; row++)
            Softmax.Backward(weights + (long)row * padded, dScores + (long)row * padded, padded);
        AddProduct(steps, rows, Operand.Columns(weights, padded), dContexts, stride, stride, memory.GradientOf(source));
        ScoreBackward(memory, source, rows, queries, dScores, dQueries, gradients);
    }

    /// <summary>scores [n, S] of queries [n, Q]; the padding of their rows is not read.</summary>
    protected abstract void Score(AttentionMemory memory, int source, int rows, float* queries, float* scores);

    /// <summary>
    /// From the gradients of scores [n, S] to those of queries [n, Q], which are added to, and of what they are of.
    /// </summary>
    protected abstract void ScoreBackward(AttentionMemory memory, int source, int rows, float* queries, float* dScores,
        float* dQueries, FloatBuffer gradients);

    /// <summary>c [rows, width] = a b, b [inner, width] at <paramref name="bRow"/> floats a row.</summary>
    protected static void Multiply(int rows, int inner, Operand a, float* b, nint bRow, int width, float* c)
    {
        for (int column = 0; column < width; column += MatMul.PanelWidth)
            MatMul.Panel(rows, inner, a, b + column, bRow, Math.Min(MatMul.PanelWidth, width - column), Zero, c + column, width);
    }

    /// <summary>c [rows, width] += a b.</summary>
    protected static void AddProduct(int rows, int inner, Operand a, float* b, nint bRow, int width, float* c)
    {
        for (int column = 0; column < width; column += MatMul.PanelWidth)
            MatMul.Panel(rows, inner, a, b + column, bRow, Math.Min(MatMul.PanelWidth, width - column),
                Start.Rows(c + column, width), c + column, width);
    }
}

/// <summary>What a decoder must know of the encoder's states.</summary>
/// <param name="Directions">1 or 2.</param>
/// <param name="HiddenSize">H of a direction.</param>
internal readonly record struct SourceShape(int Directions, int HiddenSize)
{
    /// <summary>Numbers of a state, without padding.</summary>
    public int Size => Directions * HiddenSize;

    /// <summary>D: floats of a state, each direction padded.</summary>
    public int Stride => Directions * Rows.Padded(HiddenSize);
}
