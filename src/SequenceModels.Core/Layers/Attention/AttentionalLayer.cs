using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>What attention has found beside the decoder's state, as one vector: tanh(c W_c + s W_s + b).</summary>
/// <remarks>The attentional hidden state of Luong, Pham and Manning, EMNLP 2015, equation 5, with a bias.</remarks>
internal sealed unsafe class AttentionalLayer
{
    private readonly ParameterSet _parameters;
    private readonly Product _context, _state;
    private readonly Parameter _bias;

    /// <param name="parameters">Takes W_c, W_s and b.</param>
    /// <param name="source">Of the encoder.</param>
    /// <param name="hiddenSize">H of the decoder.</param>
    /// <param name="size">A: numbers of the vector.</param>
    public AttentionalLayer(ParameterSet parameters, SourceShape source, int hiddenSize, int size)
    {
        _parameters = parameters;
        Parameter Matrix(string name, int rows, int blocks) =>
            parameters.Add(new Parameter($"attentional.{name}", rows, 1, size, MatMul.PanelWidth, blocks)
            {
                Scale = ScaleOf.Columns,
            });
        _context = new Product(parameters, Matrix("context.W", source.Size, source.Directions));
        _state = new Product(parameters, Matrix("state.W", hiddenSize, 1));
        _bias = parameters.Add(new Parameter("attentional.b", 1, 1, size, MatMul.PanelWidth) { IsVector = true });
    }

    /// <summary>A, padded to a multiple of 16.</summary>
    public int Stride => _bias.PhysicalColumns;

    public void Initialize(ref RandomStream random)
    {
        Initializers.Glorot(_context.Weight, _parameters.Values, ref random);
        Initializers.Glorot(_state.Weight, _parameters.Values, ref random);
    }

    public IEnumerable<Transposed> PrepareTraining() => [_context.PrepareInputGradient(), _state.PrepareInputGradient()];

    /// <summary>vectors [rows, A] of contexts [rows, D] and states [rows, H].</summary>
    public void Forward(int rows, float* contexts, nint contextStride, float* states, nint stateStride, float* vectors)
    {
        ProductRows to = ProductRows.InRows(vectors, _bias, Stride);
        ProductInput context = _context.Read(rows, contexts, contextStride);
        for (int panel = 0; panel < _bias.Panels; panel++)
            _context.Forward(panel, rows, context, Start.Same(_bias.In(_parameters.Values) + _bias.PanelOffset(panel)), to, 0);
        ProductInput state = _state.Read(rows, states, stateStride);
        for (int panel = 0; panel < _bias.Panels; panel++)
            _state.Forward(panel, rows, state, Start.Rows(to.At(panel, 0), Stride), to, 0);
        TanhRows.Apply(vectors, (long)rows * Stride);
    }

    /// <summary>Adds to the gradients of the parameters, of the contexts and of the states.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="contexts">[rows, D].</param>
    /// <param name="dContexts">[rows, D] added to.</param>
    /// <param name="contextStride">D.</param>
    /// <param name="states">[rows, H].</param>
    /// <param name="dStates">[rows, H] added to.</param>
    /// <param name="stateStride">Floats from one state to the next.</param>
    /// <param name="vectors">[rows, A] as Forward left them.</param>
    /// <param name="dVectors">[rows, A] dLoss/dvectors; becomes that of what tanh was taken of.</param>
    /// <param name="gradients">Of the parameters.</param>
    /// <param name="pending">Where the rows of weight gradients wait for those of other steps; null: all are here.</param>
    public void Backward(int rows, float* contexts, float* dContexts, nint contextStride, float* states, float* dStates,
        nint stateStride, float* vectors, float* dVectors, FloatBuffer gradients, PendingRows? pending)
    {
        TanhRows.Backward(vectors, dVectors, (long)rows * Stride);
        ProductRows from = ProductRows.InRows(dVectors, _bias, Stride);
        _context.AddWeightGradient(gradients, rows, contexts, contextStride, from, 0, pending);
        _state.AddWeightGradient(gradients, rows, states, stateStride, from, 0, pending);
        Rows.AddAll(dVectors, Stride, rows, _bias.In(gradients), Stride);
        _context.AddInputGradient(rows, from, 0, dContexts, contextStride);
        _state.AddInputGradient(rows, from, 0, dStates, stateStride);
    }
}
