using SequenceModels.Kernels;

namespace SequenceModels.Parameters;

/// <summary>
/// The transpose of a parameter, packed for the product that carries gradients back: [panel of 64 rows][physical column][row of
/// the panel]. Only training has one; it is written anew after each update. Of a weight that is read seldom enough, pieces are
/// written where they are needed, and no whole is kept.
/// </summary>
internal sealed unsafe class Transposed
{
    private readonly Parameter _source;
    private readonly FloatBuffer _data;

    public Transposed(Parameter source)
    {
        _source = source;
        _data = new FloatBuffer((long)Rows.Padded(source.PhysicalRows) * source.PhysicalColumns);
    }

    public int Panels => PanelsOf(_source);

    public int WidthOf(int panel) => WidthOf(_source, panel);

    public float* Panel(int panel) => Panel(panel, 0);

    /// <summary>Panel <paramref name="panel"/> from the first column of a panel of the source on.</summary>
    public float* Panel(int panel, int sourcePanel) => _data.Data + (long)panel * MatMul.PanelWidth * _source.PhysicalColumns +
        (long)sourcePanel * _source.PanelWidth * WidthOf(panel);

    /// <summary>Copies the source's present values into panel <paramref name="panel"/>.</summary>
    public void Refresh(FloatBuffer values, int panel) => Write(_source, values, panel, 0, _source.Panels, Panel(panel));

    /// <summary>Panels that the transpose of a parameter has.</summary>
    public static int PanelsOf(Parameter source) =>
        (Rows.Padded(source.PhysicalRows) + MatMul.PanelWidth - 1) / MatMul.PanelWidth;

    /// <summary>Rows of the source in a panel of its transpose, padded to a multiple of 16.</summary>
    public static int WidthOf(Parameter source, int panel) =>
        Math.Min(MatMul.PanelWidth, Rows.Padded(source.PhysicalRows) - panel * MatMul.PanelWidth);

    /// <summary>Writes a piece of a transpose: of one of its panels, what stands in some panels of the source.</summary>
    /// <param name="source">The parameter.</param>
    /// <param name="values">Have it.</param>
    /// <param name="panel">Of the transpose.</param>
    /// <param name="first">The first panel of the source.</param>
    /// <param name="count">How many of these.</param>
    /// <param name="to">[their columns][rows of the panel] written.</param>
    public static void Write(Parameter source, FloatBuffer values, int panel, int first, int count, float* to)
    {
        int width = WidthOf(source, panel), firstRow = panel * MatMul.PanelWidth;
        int rows = Math.Min(width, source.PhysicalRows - firstRow);
        for (int p = first; p < first + count; p++)
        {
            int columns = source.WidthOf(p);
            float* from = source.In(values) + source.PanelOffset(p) + (long)firstRow * columns;
            Rows.Prefetch(from + rows * columns, rows * columns); // what follows, and is often transposed next
            Transposition.Copy(from, columns, rows, columns, to, width);
            for (int column = 0; rows < width && column < columns; column++)
                new Span<float>(to + (long)column * width + rows, width - rows).Clear();
            to += (long)columns * width;
        }
    }
}
