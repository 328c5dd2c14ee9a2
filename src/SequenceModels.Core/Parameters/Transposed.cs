using SequenceModels.Kernels;

namespace SequenceModels.Parameters;

/// <summary>
/// The transpose of a parameter, packed for the product that carries gradients back: [panel of 64 rows][physical column][row of
/// the panel]. Only training has one; it is written anew after each update.
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

    /// <summary>K of the product: the source's columns, in the order of its panels.</summary>
    public int Inner => _source.PhysicalColumns;

    public int Panels => (Columns + MatMul.PanelWidth - 1) / MatMul.PanelWidth;

    private int Columns => Rows.Padded(_source.PhysicalRows);

    public int WidthOf(int panel) => Math.Min(MatMul.PanelWidth, Columns - panel * MatMul.PanelWidth);

    public float* Panel(int panel) => _data.Data + (long)panel * MatMul.PanelWidth * Inner;

    /// <summary>Copies the source's present values into panel <paramref name="panel"/>.</summary>
    public void Refresh(FloatBuffer values, int panel)
    {
        int width = WidthOf(panel);
        int firstRow = panel * MatMul.PanelWidth;
        int rows = Math.Min(width, _source.PhysicalRows - firstRow);
        float* to = Panel(panel);
        for (int p = 0; p < _source.Panels; p++)
        {
            int columns = _source.WidthOf(p);
            float* from = _source.In(values) + _source.PanelOffset(p) + (long)firstRow * columns;
            for (int column = 0; column < columns; column++)
            {
                float* source = from + column, target = to + (long)column * width;
                for (int row = 0; row < rows; row++, source += columns)
                    target[row] = *source;
            }
            to += (long)columns * width;
        }
    }
}
