using SequenceModels.Kernels;

namespace SequenceModels.Benchmarks.Kernels;

/// <summary>
/// The matrix products of one LSTM layer, H units and n sequences, in the memory layout that training gives them. All add to what
/// the result holds.
/// </summary>
internal static unsafe class ProductKernels
{
    private const int Gates = 4, Width = MatMul.PanelWidth;

    /// <summary>Rows of which training takes the weights' gradient at once.</summary>
    private const int ChunkRows = 128;

    private static readonly int[] s_hidden = [64, 128, 256];

    /// <summary>1; less than a register tile of six rows; one, several and broken tiles; the shards of common batches.</summary>
    private static readonly int[] s_rows = [1, 4, 6, 13, 16, 25, 50];

    public static IEnumerable<Kernel> All =>
    [
        .. s_hidden.SelectMany(hidden => s_rows.Select(rows => Forward(rows, hidden))),
        .. s_hidden.SelectMany(hidden => s_rows.Select(rows => Back(rows, hidden))),
        .. s_hidden.Select(WeightGradient),
        .. s_hidden.Select(SingleRow),
    ];

    /// <summary>G [n, 4H] += h [n, H] R [H, 4H]: a step forward.</summary>
    private static Kernel Forward(int rows, int hidden)
    {
        int panels = Gates * hidden / Width;
        FloatBuffer h = RandomNumbers.Buffer((long)rows * hidden);
        FloatBuffer weights = RandomNumbers.Buffer((long)Gates * hidden * hidden);  // [panel][H, 64]
        FloatBuffer gates = RandomNumbers.Buffer((long)Gates * hidden * rows);      // [panel][n, 64]
        return new Kernel("forward", $"[{rows}, {hidden}] x [{hidden}, {Gates * hidden}]", Flops(rows, hidden), () =>
        {
            for (int panel = 0; panel < panels; panel++)
            {
                float* c = gates.Data + panel * rows * Width;
                MatMul.Panel(rows, hidden, Operand.Rows(h.Data, hidden), weights.Data + panel * hidden * Width, Width, Width,
                    Start.Rows(c, Width), c, Width);
            }
        });
    }

    /// <summary>dh [n, H] += dG [n, 4H] R^T [4H, H]: a step back.</summary>
    private static Kernel Back(int rows, int hidden)
    {
        int inner = Gates * hidden;
        FloatBuffer dGates = RandomNumbers.Buffer((long)inner * rows);              // [panel][n, 64]
        FloatBuffer transposed = RandomNumbers.Buffer((long)inner * hidden);        // [panel of H][4H, 64]
        FloatBuffer dHidden = RandomNumbers.Buffer((long)rows * hidden);
        return new Kernel("back", $"[{rows}, {inner}] x [{inner}, {hidden}]", Flops(rows, hidden), () =>
        {
            for (int column = 0; column < hidden; column += Width)
            {
                float* c = dHidden.Data + column;
                MatMul.Panel(rows, inner, Operand.Panels(dGates.Data, Width, Width, rows * Width),
                    transposed.Data + column * inner, Width, Width, Start.Rows(c, hidden), c, hidden);
            }
        });
    }

    /// <summary>dR [H, 4H] += h^T [H, 128] dG [128, 4H].</summary>
    private static Kernel WeightGradient(int hidden)
    {
        int panels = Gates * hidden / Width;
        FloatBuffer h = RandomNumbers.Buffer((long)ChunkRows * hidden);
        FloatBuffer dGates = RandomNumbers.Buffer((long)Gates * hidden * ChunkRows);    // [panel][128, 64]
        FloatBuffer dWeights = RandomNumbers.Buffer((long)Gates * hidden * hidden);     // [panel][H, 64]
        return new Kernel("weight gradient", $"[{hidden}, {ChunkRows}] x [{ChunkRows}, {Gates * hidden}]",
            Flops(ChunkRows, hidden), () =>
        {
            for (int panel = 0; panel < panels; panel++)
            {
                float* c = dWeights.Data + panel * hidden * Width;
                MatMul.Panel(hidden, ChunkRows, Operand.Columns(h.Data, hidden), dGates.Data + panel * ChunkRows * Width,
                    Width, Width,
                    Start.Rows(c, Width), c, Width);
            }
        });
    }

    /// <summary>G [4H] += h [H] R [H, 4H]: a step of one sequence, as scoring has it.</summary>
    private static Kernel SingleRow(int hidden)
    {
        int panels = Gates * hidden / Width;
        FloatBuffer h = RandomNumbers.Buffer(hidden);
        FloatBuffer weights = RandomNumbers.Buffer((long)Gates * hidden * hidden);  // [panel][H, 64]
        FloatBuffer gates = RandomNumbers.Buffer((long)Gates * hidden);             // [panel][64]
        return new Kernel("single row", $"[{hidden}] x [{hidden}, {Gates * hidden}]", Flops(1, hidden), () =>
            RowOfPanels.Multiply(panels, hidden, h.Data, weights.Data, Width, gates.Data, Width, gates.Data, Width));
    }

    /// <summary>A multiplication and an addition for each row and weight.</summary>
    private static double Flops(int rows, int hidden) => 2.0 * rows * hidden * Gates * hidden;
}
