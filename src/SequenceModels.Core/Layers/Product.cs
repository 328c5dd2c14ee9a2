using System.Diagnostics;
using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>Rows that a weight's product fills: panel after panel as gates need them, or row after row.</summary>
internal readonly unsafe struct ProductRows
{
    private readonly float* _data;
    private readonly Parameter _weight;
    private readonly nint _panelStride, _rowStride;

    private ProductRows(float* data, Parameter weight, nint panelStride, nint rowStride)
    {
        _data = data;
        _weight = weight;
        _panelStride = panelStride;
        _rowStride = rowStride;
    }

    /// <summary>[panel][row][column of the panel], for <paramref name="rows"/> rows.</summary>
    public static ProductRows InPanels(float* data, Parameter weight, int rows) =>
        new(data, weight, (nint)rows * weight.PanelWidth, 0);

    /// <summary>The same with <paramref name="rowStride"/> floats from one row of a panel to the next.</summary>
    public static ProductRows InSpacedPanels(float* data, Parameter weight, int rows, nint rowStride) =>
        new(data, weight, rows * rowStride, rowStride);

    /// <summary>[row][column], <paramref name="stride"/> floats a row.</summary>
    public static ProductRows InRows(float* data, Parameter weight, nint stride) => new(data, weight, weight.PanelWidth, stride);

    /// <summary>Floats from one row to the next within a panel.</summary>
    public nint RowStride(int panel) => _rowStride == 0 ? _weight.WidthOf(panel) : _rowStride;

    /// <summary>Floats from a row in one panel to the same row in the next, of the same width.</summary>
    public nint PanelStride => _panelStride;

    /// <summary>The first float of a row in a panel.</summary>
    public float* At(int panel, int row) => _data + panel * _panelStride + row * RowStride(panel);

    /// <summary>
    /// Rows from <paramref name="row"/> on as the left operand of a product over the columns of <paramref name="panels"/> panels.
    /// </summary>
    public Operand AsOperand(int panel, int panels, int row) => panels == 1 || _panelStride == _weight.PanelWidth
        ? Operand.Rows(At(panel, row), RowStride(panel))
        : Operand.Panels(At(panel, row), _weight.PanelWidth, RowStride(panel), _panelStride);
}

/// <summary>Multiplication with one weight matrix: y = x W, and the two gradients that come back through it.</summary>
internal sealed unsafe class Product(ParameterSet parameters, Parameter weight)
{
    /// <summary>Rows of which a panel still lies in the first-level cache: longer sums over rows are taken in pieces.</summary>
    private const int ChunkRows = 128;

    /// <summary>Floats of a piece of the transpose that stays in the second-level cache while it is multiplied.</summary>
    private const int PieceLength = 1 << 16;

    [ThreadStatic]
    private static FloatBuffer? t_piece;

    private Transposed? _transposed;
    private BytePanels? _bytes;

    public Parameter Weight { get; } = weight;

    /// <summary>
    /// Whether <see cref="AddInputGradient"/> transposes W as it goes, piece by piece, and needs no copy of it. Meant for weights
    /// that are multiplied with many rows at once.
    /// </summary>
    public bool TransposesPieces { get; init; }

    /// <summary>Makes the transpose that <see cref="AddInputGradient"/> needs, empty until refreshed.</summary>
    public Transposed PrepareInputGradient() => _transposed ??= new Transposed(Weight);

    /// <summary>Makes rows ready to be multiplied: with 8-bit weights they are rounded to bytes.</summary>
    /// <param name="rows">M.</param>
    /// <param name="input">[M, physical rows of W].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <returns>With 8-bit weights it holds until the thread reads other rows.</returns>
    public ProductInput Read(int rows, float* input, nint stride) => Bytes() is { } bytes
        ? new ProductInput(ByteRows.Of(rows, Weight.PhysicalRows, input, stride), bytes) : new ProductInput(input, stride);

    /// <summary>output = start + input W, one panel of columns.</summary>
    /// <param name="panel">Which panel.</param>
    /// <param name="rows">M.</param>
    /// <param name="input">[M, physical rows of W].</param>
    /// <param name="start">Values that the sums begin with: a bias, or what the output already holds.</param>
    /// <param name="output">Where to, from row <paramref name="firstRow"/>.</param>
    /// <param name="firstRow">First row of the output.</param>
    public void Forward(int panel, int rows, in ProductInput input, Start start, in ProductRows output, int firstRow)
    {
        Begin(WorkKind.Product, rows, Weight.WidthOf(panel));
        if (input.Weights is { } bytes)
            ByteProduct.Panel(rows, input.ByteRows, bytes, panel, start, output.At(panel, firstRow), output.RowStride(panel));
        else
            MatMul.Panel(rows, Weight.PhysicalRows, Operand.Rows(input.Data, input.Stride),
                Weight.In(parameters.Values) + Weight.PanelOffset(panel),
                Weight.WidthOf(panel), Weight.WidthOf(panel), start, output.At(panel, firstRow), output.RowStride(panel));
        WorkClock.End();
    }

    /// <summary>The same for a single row and all panels.</summary>
    /// <param name="input">[physical rows of W].</param>
    /// <param name="starts">For the first panel and every further one, what the row's sums begin with.</param>
    /// <param name="startPanel">Floats from one panel's start to the next.</param>
    /// <param name="output">Where to.</param>
    /// <param name="row">Which row of the output.</param>
    public void ForwardRow(float* input, float* starts, nint startPanel, in ProductRows output, int row)
    {
        ProductInput ready = Read(1, input, 0);
        float* weights = Weight.In(parameters.Values);
        Begin(WorkKind.Product, 1, Weight.PhysicalColumns);
        int whole = ready.Weights is null ? Weight.PhysicalColumns / Weight.PanelWidth : 0;
        RowOfPanels.Multiply(whole, Weight.PhysicalRows, input, weights, Weight.PanelWidth, starts, startPanel, output.At(0, row),
            output.PanelStride);
        for (int panel = whole; panel < Weight.Panels; panel++)
            Forward(panel, 1, ready, Start.Same(starts + panel * startPanel), output, row);
        WorkClock.End();
    }

    /// <summary>dW += input^T dOutput, over rows from <paramref name="firstRow"/>.</summary>
    /// <param name="gradients">Of the parameters; added to.</param>
    /// <param name="rows">M.</param>
    /// <param name="input">[M, physical rows of W].</param>
    /// <param name="inputStride">Floats from one row to the next.</param>
    /// <param name="dOutput">The gradient of the output.</param>
    /// <param name="firstRow">First row of <paramref name="dOutput"/>.</param>
    /// <param name="pending">Where rows wait for others that are still to come; null: all are here.</param>
    public void AddWeightGradient(FloatBuffer gradients, int rows, float* input, nint inputStride, in ProductRows dOutput,
        int firstRow, PendingRows? pending = null)
    {
        if (pending is not null)
        {
            pending.Add(this, gradients, rows, input, inputStride, dOutput, firstRow);
            return;
        }
        Begin(WorkKind.WeightGradient, rows, Weight.PhysicalColumns);
        for (int done = 0, count; done < rows; done += count)
        {
            count = rows - done < 2 * ChunkRows ? rows - done : ChunkRows;
            for (int panel = 0; panel < Weight.Panels; panel++)
            {
                int width = Weight.WidthOf(panel);
                float* dW = Weight.In(gradients) + Weight.PanelOffset(panel);
                MatMul.Panel(Weight.PhysicalRows, count, Operand.Columns(input + done * inputStride, inputStride),
                    dOutput.At(panel, firstRow + done), dOutput.RowStride(panel), width, Start.Rows(dW, width), dW, width);
            }
        }
        WorkClock.End();
    }

    /// <summary>dInput += dOutput W^T, for rows from <paramref name="firstRow"/> of dOutput.</summary>
    /// <param name="rows">M.</param>
    /// <param name="dOutput">The gradient of the output.</param>
    /// <param name="firstRow">First row of <paramref name="dOutput"/>.</param>
    /// <param name="dInput">[M, padded rows of W].</param>
    /// <param name="stride">Floats from one row of dInput to the next.</param>
    public void AddInputGradient(int rows, in ProductRows dOutput, int firstRow, float* dInput, nint stride)
    {
        Begin(WorkKind.InputGradient, rows, Weight.PhysicalColumns);
        for (int first = 0, count; first < Weight.Panels; first += count)
        {
            count = PanelsAtOnce(first);
            int columns = count * Weight.WidthOf(first);
            Operand left = dOutput.AsOperand(first, count, firstRow);
            float* piece = TransposesPieces ? TransposePiece(first, count, columns) : null;
            for (int panel = 0; panel < Transposed.PanelsOf(Weight); panel++)
            {
                int width = Transposed.WidthOf(Weight, panel);
                float* right = piece is not null ? piece + (long)panel * MatMul.PanelWidth * columns : Kept.Panel(panel, first),
                    to = dInput + panel * MatMul.PanelWidth;
                MatMul.Panel(rows, columns, left, right, width, width, Start.Rows(to, stride), to, stride);
            }
        }
        WorkClock.End();
    }

    private Transposed Kept =>
        _transposed ?? throw new InvalidOperationException($"{Weight.Name} was not prepared for training.");

    /// <summary>Panels from <paramref name="first"/> on that are multiplied together; all of one width.</summary>
    private int PanelsAtOnce(int first)
    {
        int whole = Weight.PhysicalColumns / Weight.PanelWidth;
        return first == whole ? 1 : !TransposesPieces ? whole
            : Math.Clamp(PieceLength / (Weight.PanelWidth * Rows.Padded(Weight.PhysicalRows)), 1, whole - first);
    }

    /// <summary>Transposes some panels of W: [panel of 64 rows of W][column of theirs][row of the panel].</summary>
    private float* TransposePiece(int first, int count, int columns)
    {
        WorkClock.Begin(WorkKind.Transpose, Weight.Name);
        FloatBuffer piece = t_piece ??= new FloatBuffer(PieceLength);
        piece.Reserve((long)columns * Rows.Padded(Weight.PhysicalRows));
        // Panel by panel of W, so that it is read in order.
        for (int i = 0, column = 0; i < count; column += Weight.WidthOf(first + i++))
            for (int panel = 0; panel < Transposed.PanelsOf(Weight); panel++)
                Transposed.Write(Weight, parameters.Values, panel, first + i, 1, piece.Data +
                    (long)panel * MatMul.PanelWidth * columns + (long)column * Transposed.WidthOf(Weight, panel));
        WorkClock.End();
        return piece.Data;
    }

    /// <summary>The weights as bytes, made when they are first needed; null where they are floats.</summary>
    private BytePanels? Bytes() => parameters.EightBits is not { } scales ? null
        : Volatile.Read(ref _bytes) ?? (scales.PanelsOf(Weight, parameters.Values) is not { } made ? null
            : Interlocked.CompareExchange(ref _bytes, made, null) ?? made);

    /// <summary>A product of [rows, physical rows of W] and so many columns: each of the three is read or written.</summary>
    [Conditional("PROFILE")]
    private void Begin(WorkKind kind, int rows, int columns) => WorkClock.Begin(kind, Weight.Name,
        2.0 * rows * Weight.PhysicalRows * columns,
        sizeof(float) * ((double)rows * (Weight.PhysicalRows + columns) + (double)Weight.PhysicalRows * columns));
}
