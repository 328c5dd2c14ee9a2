using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>A W of its own: y = x W + b, row by row.</summary>
internal sealed unsafe class Dense : IDense
{
    private readonly ParameterSet _parameters;
    private readonly Product _product;
    private readonly Parameter _bias;

    /// <param name="parameters">Takes W and b.</param>
    /// <param name="inputSize">D.</param>
    /// <param name="inputBlocks">In how many equal blocks the input comes, each padded.</param>
    /// <param name="outputSize">K.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    public Dense(ParameterSet parameters, int inputSize, int inputBlocks, int outputSize, string name = "output")
    {
        _parameters = parameters;
        _product = new Product(parameters,
            parameters.Add(new Parameter($"{name}.W", inputSize, 1, outputSize, MatMul.PanelWidth, inputBlocks)
            {
                Scale = ScaleOf.Columns,
            }))
        {
            TransposesPieces = true,
        };
        _bias = parameters.Add(new Parameter($"{name}.b", 1, 1, outputSize, MatMul.PanelWidth) { IsVector = true });
    }

    public int Stride => _bias.PhysicalColumns;

    public Parameter Bias => _bias;

    public void Initialize(ref RandomStream random) => Initializers.Glorot(_product.Weight, _parameters.Values, ref random);

    public void InitializeAsTokens(ref RandomStream random) => Initializers.He(_product.Weight, _parameters.Values, ref random);

    /// <summary>None: W is transposed as gradients go back through it.</summary>
    public IEnumerable<Transposed> PrepareTraining() => [];

    public void Forward(int rows, float* input, nint inputStride, float* output)
    {
        ProductRows y = ProductRows.InRows(output, _product.Weight, Stride);
        if (rows == 1)
        {
            _product.ForwardRow(input, _bias.In(_parameters.Values), _bias.PanelWidth, y, 0);
            return;
        }
        ProductInput x = _product.Read(rows, input, inputStride);
        for (int panel = 0; panel < _product.Weight.Panels; panel++)
            _product.Forward(panel, rows, x,
                Start.Same(_bias.In(_parameters.Values) + _bias.PanelOffset(panel)), y, 0);
    }

    public void Backward(int rows, float* input, float* dInput, nint inputStride, float* dOutput, FloatBuffer gradients)
    {
        ProductRows dy = ProductRows.InRows(dOutput, _product.Weight, Stride);
        _product.AddWeightGradient(gradients, rows, input, inputStride, dy, 0);
        Rows.AddAll(dOutput, Stride, rows, _bias.In(gradients), Stride);
        _product.AddInputGradient(rows, dy, 0, dInput, inputStride);
    }
}
