using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// An output layer whose weights are the embedding: y_k = x · e_k + b_k, with e_k the vector of key k.
/// What is learned of a token as an output helps it as an input, and the larger of the two matrices is saved.
/// </summary>
/// <remarks>Press and Wolf, "Using the Output Embedding to Improve Language Models", EACL 2017.</remarks>
internal sealed unsafe class TiedDense : IDense
{
    private readonly ParameterSet _parameters;
    private readonly Parameter _table;
    private Transposed? _transposed;
    private BytePanels? _bytes;

    /// <param name="parameters">Takes b.</param>
    /// <param name="table">E [K, D], one panel; a parameter that every shard has a gradient of its own for.</param>
    public TiedDense(ParameterSet parameters, Parameter table)
    {
        _parameters = parameters;
        _table = table;
        Bias = parameters.Add(new Parameter("output.b", 1, 1, table.Rows, MatMul.PanelWidth) { IsVector = true });
    }

    public int Stride => Bias.PhysicalColumns;

    public Parameter Bias { get; }

    /// <summary>The table draws its own.</summary>
    public void Initialize(ref RandomStream random) { }

    /// <inheritdoc cref="Initialize"/>
    public void InitializeAsTokens(ref RandomStream random) { }

    public IEnumerable<Transposed> PrepareTraining() => [_transposed ??= new Transposed(_table)];

    public void Forward(int rows, float* input, nint inputStride, float* output)
    {
        float* bias = Bias.In(_parameters.Values);
        if (Bytes() is { } bytes)
        {
            ByteRows x = ByteRows.Of(rows, _table.Units, input, inputStride);
            for (int panel = 0; panel < bytes.Panels; panel++)
                ByteProduct.Panel(rows, x, bytes, panel, Start.Same(bias + panel * MatMul.PanelWidth),
                    output + panel * MatMul.PanelWidth, Stride);
            return;
        }
        Transposed table = Table();
        for (int panel = 0; panel < table.Panels; panel++)
        {
            int width = table.WidthOf(panel), column = panel * MatMul.PanelWidth;
            MatMul.Panel(rows, _table.Units, Operand.Rows(input, inputStride), table.Panel(panel), width, width,
                Start.Same(bias + column),
                output + column, Stride);
        }
    }

    public void Backward(int rows, float* input, float* dInput, nint inputStride, float* dOutput, FloatBuffer gradients)
    {
        nint tableStride = _table.PhysicalColumns;
        float* values = _table.In(_parameters.Values), dTable = _table.In(gradients);
        for (int column = 0; column < tableStride; column += MatMul.PanelWidth)
        {
            int width = (int)Math.Min(MatMul.PanelWidth, tableStride - column);
            // dE += dy^T x
            MatMul.Panel(_table.Rows, rows, Operand.Columns(dOutput, Stride), input + column, inputStride, width,
                Start.Rows(dTable + column, tableStride), dTable + column, tableStride);
            // dx += dy E
            MatMul.Panel(rows, _table.Rows, Operand.Rows(dOutput, Stride), values + column, tableStride, width,
                Start.Rows(dInput + column, inputStride), dInput + column, inputStride);
        }
        Rows.AddAll(dOutput, Stride, rows, Bias.In(gradients), Stride);
    }

    /// <summary>Training refreshes it; a network that does not learn makes it when it first scores.</summary>
    private Transposed Table()
    {
        if (Volatile.Read(ref _transposed) is { } ready)
            return ready;
        Transposed made = Transpose();
        return Interlocked.CompareExchange(ref _transposed, made, null) ?? made;
    }

    /// <summary>The table as bytes, made when they are first needed; null where it is read as floats.</summary>
    private BytePanels? Bytes() => _parameters.EightBits is not { } scales ? null
        : Volatile.Read(ref _bytes) ?? (scales.PanelsOf(_table, Table()) is not { } made ? null
            : Interlocked.CompareExchange(ref _bytes, made, null) ?? made);

    private Transposed Transpose()
    {
        var made = new Transposed(_table);
        for (int panel = 0; panel < made.Panels; panel++)
            made.Refresh(_parameters.Values, panel);
        return made;
    }
}
