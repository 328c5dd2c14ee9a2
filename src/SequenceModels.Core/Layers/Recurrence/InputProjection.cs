using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// What enters a recurrent layer at each step: x W + b for all steps at once, before time runs. Of a token it is computed once
/// for all of its occurrences; the recurrent product then begins its sums with the row that the token picks.
/// </summary>
internal sealed unsafe class InputProjection
{
    private readonly ParameterSet _parameters;
    private readonly Product _product;
    private readonly FloatBuffer _noBias = new();
    private FloatBuffer? _precomputed;

    /// <param name="parameters">Takes W and b.</param>
    /// <param name="weight">W [I, G·H], or [V, G·H] where tokens pick rows of it.</param>
    /// <param name="bias">b [G·H]; null: nothing is added.</param>
    /// <param name="readsTokens">Whether the input is tokens, each the row of W that its one-hot vector would pick.</param>
    public InputProjection(ParameterSet parameters, Parameter weight, Parameter? bias, bool readsTokens)
    {
        _parameters = parameters;
        _product = new Product(parameters, readsTokens ? parameters.AddTable(weight) : parameters.Add(weight));
        if (bias is not null)
            Bias = parameters.Add(bias);
        else
            _noBias.Reserve(weight.PanelWidth);
    }

    public Parameter Weight => _product.Weight;

    public Parameter? Bias { get; }

    public void Initialize(RecurrentCell cell, ref RandomStream random)
    {
        Initializers.Glorot(Weight, _parameters.Values, ref random);
        for (int gate = 0; Bias is not null && gate < cell.Gates; gate++)
            Initializers.Constant(Bias, gate, cell.InitialBias(gate), _parameters.Values);
    }

    public Transposed PrepareInputGradient() => _product.PrepareInputGradient();

    /// <summary>
    /// Computes the projection of every key once and for all. Scores stay the same to the bit: the sums are the ones that would
    /// be taken row by row. Not for networks that still learn.
    /// </summary>
    /// <param name="input">One vector or token for each key, in the order of the keys from 0.</param>
    public void Precompute(in RecurrentInput input)
    {
        var table = new FloatBuffer((long)input.Count * Weight.PhysicalColumns);
        Project(input, ProductRows.InRows(table.Data, Weight, Weight.PhysicalColumns), 0);
        Volatile.Write(ref _precomputed, table);
    }

    /// <summary>What picked rows share: computed before time runs, or long before.</summary>
    public ProductRows ProjectGathered(RecurrentPass pass, in RecurrentInput input)
    {
        if (input.Count == 0 && Volatile.Read(ref _precomputed) is { } table) // keys alone
            return ProductRows.InRows(table.Data, Weight, Weight.PhysicalColumns);
        pass.Projected.Reserve((long)input.Count * Weight.PhysicalColumns);
        ProductRows rows = ProductRows.InPanels(pass.Projected.Data, Weight, input.Count);
        Project(input, rows, 0);
        return rows;
    }

    /// <summary>
    /// Writes the projection of every vector or token to the rows of <paramref name="output"/> from <paramref name="first"/> on.
    /// </summary>
    public void Project(in RecurrentInput input, in ProductRows output, int first)
    {
        ProductInput x = input.AreVectors ? _product.Read(input.Count, input.Vectors, input.Stride) : default;
        for (int panel = 0; panel < Weight.Panels; panel++)
        {
            float* bias = Bias is null ? _noBias.Data : Bias.In(_parameters.Values) + Bias.PanelOffset(panel);
            if (input.AreVectors)
            {
                _product.Forward(panel, input.Count, x, Start.Same(bias), output, first);
                continue;
            }
            int width = Weight.WidthOf(panel);
            float* table = Weight.In(_parameters.Values) + Weight.PanelOffset(panel);
            WorkClock.Begin(WorkKind.Gather, Weight.Name, 0, 3.0 * sizeof(float) * input.Tokens.Length * width);
            for (int row = 0; row < input.Tokens.Length; row++)
                if (input.Tokens[row] == 0)
                    Rows.Copy(bias, output.At(panel, first + row), width);
                else
                    Rows.Sum(bias, table + (input.Tokens[row] - 1L) * width, output.At(panel, first + row), width);
            WorkClock.End();
        }
    }

    /// <summary>Sets the gradients of picked rows to zero, before they are added up.</summary>
    public void BeginBackward(RecurrentPass pass, in RecurrentInput input)
    {
        if (!input.ArePicked)
            return;
        long length = (long)input.Count * Weight.PhysicalColumns;
        pass.GatheredGradient.Reserve(length);
        pass.GatheredGradient.Clear(length);
    }

    /// <summary>Takes the gate gradients of rows [first, first + rows), while they lie in the cache.</summary>
    public void Backward(RecurrentPass pass, in RecurrentInput input, in ProductRows dWx, int first, int rows,
        FloatBuffer gradients,
        float* dInput)
    {
        if (!input.ArePicked)
        {
            AddGradients(pass, input, dWx, first, rows, gradients, dInput);
            return;
        }
        ProductRows sums = GatheredGradients(pass.GatheredGradient, input.Count);
        WorkClock.Begin(WorkKind.Gather, Weight.Name, 0, 3.0 * sizeof(float) * rows * Weight.PhysicalColumns);
        for (int panel = 0; panel < Weight.Panels; panel++)
            Rows.AddByIndex(dWx.At(panel, first), dWx.RowStride(panel), rows, input.Index + first, sums.At(panel, 0),
                sums.RowStride(panel), Weight.WidthOf(panel));
        WorkClock.End();
    }

    /// <summary>
    /// The gradients of W and of the vectors from those of the picked rows. Tokens leave theirs to the table's sum.
    /// </summary>
    public void EndBackward(RecurrentPass pass, in RecurrentInput input, FloatBuffer gradients, float* dInput)
    {
        if (input.ArePicked && input.AreVectors)
            AddGradients(pass, input, GatheredGradients(pass.GatheredGradient, input.Count), 0, input.Count, gradients, dInput);
    }

    /// <summary>[panel][count][column] the gradients of the projected rows that the batch's rows had picked.</summary>
    public ProductRows GatheredGradients(FloatBuffer buffer, int count) => ProductRows.InPanels(buffer.Data, Weight, count);

    private void AddGradients(RecurrentPass pass, in RecurrentInput input, in ProductRows dOutput, int first, int rows,
        FloatBuffer gradients, float* dInput)
    {
        _product.AddWeightGradient(gradients, rows, input.Vectors + first * input.Stride, input.Stride, dOutput, first,
            pass.Pending);
        if (dInput is not null)
            _product.AddInputGradient(rows, dOutput, first, dInput + first * input.Stride, input.Stride);
    }
}
