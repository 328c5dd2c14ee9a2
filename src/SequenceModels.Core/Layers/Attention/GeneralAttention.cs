using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// s W h: the query is s W, made once for each of the decoder's states. Each direction of the encoder has a W of its own.
/// </summary>
internal sealed unsafe class GeneralAttention : ProductAttention
{
    /// <summary>Scores begin small, so that all states count nearly alike: a softmax that is sure learns little.</summary>
    private const double FirstGain = 0.1;

    private readonly ParameterSet _parameters;
    private readonly Product[] _products;

    /// <param name="parameters">Takes W.</param>
    /// <param name="source">Of the encoder.</param>
    /// <param name="hiddenSize">H of the decoder.</param>
    public GeneralAttention(ParameterSet parameters, SourceShape source, int hiddenSize) : base(source)
    {
        _parameters = parameters;
        _products = [.. Enumerable.Range(0, source.Directions).Select(direction => new Product(parameters, parameters.Add(
            new Parameter($"attention.{(direction == 0 ? "forward" : "backward")}.W", hiddenSize, 1, source.HiddenSize,
                MatMul.PanelWidth) { Scale = ScaleOf.Columns })))];
    }

    public override void Initialize(ref RandomStream random)
    {
        foreach (Product product in _products)
            Initializers.Glorot(product.Weight, _parameters.Values, ref random, FirstGain);
    }

    public override IEnumerable<Transposed> PrepareTraining() => _products.Select(product => product.PrepareInputGradient());

    public override void Query(int rows, float* states, nint stride, float* queries)
    {
        for (int d = 0; d < _products.Length; d++)
        {
            ProductInput input = _products[d].Read(rows, states, stride);
            for (int panel = 0; panel < _products[d].Weight.Panels; panel++)
                _products[d].Forward(panel, rows, input, Zero, RowsOf(queries, d), 0);
        }
    }

    public override void QueryBackward(int rows, float* states, float* dStates, nint stride, float* dQueries,
        FloatBuffer gradients, PendingRows? pending)
    {
        for (int d = 0; d < _products.Length; d++)
        {
            ProductRows dQuery = RowsOf(dQueries, d);
            _products[d].AddWeightGradient(gradients, rows, states, stride, dQuery, 0, pending);
            _products[d].AddInputGradient(rows, dQuery, 0, dStates, stride);
        }
    }

    private ProductRows RowsOf(float* queries, int direction) => ProductRows.InRows(
        queries + direction * Rows.Padded(Source.HiddenSize), _products[direction].Weight, QueryStride);
}
