namespace SequenceModels.Kernels;

/// <summary>
/// The right operand of a product of bytes: panels, each [K / 4][column][4] bytes, with a scale for each column. A byte is a
/// whole number from -127 to 127, and the absolute values of two that are multiplied together, rows 2 i and 2 i + 1 of a column,
/// add up to 128 at most: so their products with numbers up to 255 fit into 16 bits.
/// </summary>
internal sealed unsafe class BytePanels
{
    private readonly FloatBuffer _bytes, _scales, _sums;
    private readonly int _panelWidth, _columns;

    /// <param name="inner">K.</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="panelWidth">Columns of every panel but perhaps the last, a multiple of 16.</param>
    public BytePanels(int inner, int columns, int panelWidth)
    {
        (Inner, _columns, _panelWidth) = (inner, columns, panelWidth);
        _bytes = new FloatBuffer((long)Quads * columns);
        _scales = new FloatBuffer(columns);
        _sums = new FloatBuffer(columns);
    }

    /// <summary>K.</summary>
    public int Inner { get; }

    /// <summary>K / 4, rounded up.</summary>
    public int Quads => (Inner + 3) / 4;

    public int Panels => (_columns + _panelWidth - 1) / _panelWidth;

    public int WidthOf(int panel) => Math.Min(_panelWidth, _columns - panel * _panelWidth);

    public sbyte* Panel(int panel) => (sbyte*)(_bytes.Data + (long)Quads * panel * _panelWidth);

    /// <summary>[width of the panel].</summary>
    public float* ScalesOf(int panel) => _scales.Data + panel * _panelWidth;

    /// <summary>
    /// [width of the panel] what sums begin with: it takes off what they get because rows keep numbers as 128 more than they are.
    /// </summary>
    public int* SumsOf(int panel) => (int*)_sums.Data + panel * _panelWidth;

    /// <summary>Fills a panel from weights that are whole multiples of their column's scale.</summary>
    /// <param name="panel">Which.</param>
    /// <param name="weights">[K, width].</param>
    /// <param name="scales">[width]; 0 where all weights are 0.</param>
    public void Fill(int panel, float* weights, ReadOnlySpan<float> scales)
    {
        int width = WidthOf(panel);
        sbyte* to = Panel(panel);
        int* sums = SumsOf(panel);
        scales.CopyTo(new Span<float>(ScalesOf(panel), width));
        for (int k = 0; k < Inner; k++)
            for (int column = 0; column < width; column++)
            {
                int number = scales[column] == 0 ? 0 : (int)MathF.Round(weights[(long)k * width + column] / scales[column]);
                to[(k / 4 * width + column) * 4 + k % 4] = (sbyte)number;
                sums[column] -= ByteRows.Offset * number;
            }
    }
}
