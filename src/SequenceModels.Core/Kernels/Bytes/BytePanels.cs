namespace SequenceModels.Kernels;

/// <summary>
/// The right operand of a product of bytes: panels, each [K / 4][column][4] bytes, with a scale for each
/// column. A byte is the weight's whole number, from -127 to 127, and 128 more.
/// </summary>
internal sealed unsafe class BytePanels
{
    private const int Offset = 128;

    private readonly FloatBuffer _bytes, _scales;
    private readonly int _panelWidth, _columns;

    /// <param name="inner">K.</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="panelWidth">Columns of every panel but perhaps the last, a multiple of 16.</param>
    public BytePanels(int inner, int columns, int panelWidth)
    {
        (Inner, _columns, _panelWidth) = (inner, columns, panelWidth);
        _bytes = new FloatBuffer((long)Quads * columns);
        _scales = new FloatBuffer(columns);
    }

    /// <summary>K.</summary>
    public int Inner { get; }

    /// <summary>K / 4, rounded up.</summary>
    public int Quads => (Inner + 3) / 4;

    public int Panels => (_columns + _panelWidth - 1) / _panelWidth;

    public int WidthOf(int panel) => Math.Min(_panelWidth, _columns - panel * _panelWidth);

    public byte* Panel(int panel) => (byte*)(_bytes.Data + (long)Quads * panel * _panelWidth);

    /// <summary>[width of the panel].</summary>
    public float* ScalesOf(int panel) => _scales.Data + panel * _panelWidth;

    /// <summary>Fills a panel from weights that are whole multiples of their column's scale.</summary>
    /// <param name="panel">Which.</param>
    /// <param name="weights">[K, width].</param>
    /// <param name="scales">[width]; 0 where all weights are 0.</param>
    public void Fill(int panel, float* weights, ReadOnlySpan<float> scales)
    {
        int width = WidthOf(panel);
        byte* to = Panel(panel);
        scales.CopyTo(new Span<float>(ScalesOf(panel), width));
        new Span<byte>(to, Quads * width * 4).Fill(Offset);
        for (int k = 0; k < Inner; k++)
            for (int column = 0; column < width; column++)
                if (scales[column] != 0)
                    to[(k / 4 * width + column) * 4 + k % 4] =
                        (byte)(Offset + (int)MathF.Round(weights[(long)k * width + column] / scales[column]));
    }
}
