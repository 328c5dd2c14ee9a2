using SequenceModels.Kernels;

namespace SequenceModels.Parameters;

/// <summary>
/// One weight matrix [rows, gates * units] and where its elements lie in the network's buffer: in panels, each holding all gates
/// of a few units side by side, so that one product fills what the gate algebra reads next. Gradients and the optimizer's moments
/// lie the same way. Padding is zero and stays zero in training, because nothing flows through it.
/// </summary>
/// <remarks>Physical layout: [panel][physical row][gate][unit of the panel].</remarks>
internal sealed unsafe class Parameter
{
    private readonly int _blockRows, _blockPitch;

    /// <param name="name">Unique in the network; names the matrix in the model file.</param>
    /// <param name="rows">Logical rows: the size of what the matrix is multiplied with.</param>
    /// <param name="gates">G.</param>
    /// <param name="units">Units per gate.</param>
    /// <param name="unitsPerPanel">Units whose gates stand together; a multiple of 16.</param>
    /// <param name="rowBlocks">
    /// In how many equal blocks the input comes, each padded to a multiple of 16 (two for a bidirectional layer's output).
    /// </param>
    public Parameter(string name, int rows, int gates, int units, int unitsPerPanel, int rowBlocks = 1)
    {
        Name = name;
        Rows = rows;
        Gates = gates;
        Units = units;
        UnitsPerPanel = Math.Min(unitsPerPanel, Kernels.Rows.Padded(units));
        _blockRows = rows / rowBlocks;
        _blockPitch = rowBlocks == 1 ? _blockRows : Kernels.Rows.Padded(_blockRows);
        PhysicalRows = (rowBlocks - 1) * _blockPitch + _blockRows;
        PhysicalColumns = gates * Kernels.Rows.Padded(units);
    }

    public string Name { get; }

    public int Rows { get; }

    public int Gates { get; }

    public int Units { get; }

    public int UnitsPerPanel { get; }

    /// <summary>
    /// Whether the matrix is vectors in one row, which act on each unit by itself: biases, and a cell's own parameters.
    /// Weight decay spares them.
    /// </summary>
    public bool IsVector { get; init; }

    /// <summary>Where a network's weights are 8-bit, what their scales belong to; none of vectors.</summary>
    public ScaleOf Scale { get; init; }

    /// <summary>Whether states or learned vectors are multiplied with the matrix; else its rows are read by themselves.</summary>
    public bool IsMultiplied { init => Scale = value ? ScaleOf.Columns : ScaleOf.Rows; }

    /// <summary>
    /// How many layers are above its own: 0 of the output layer, 1 of the recurrent layer that it reads, and so on. Set by
    /// <see cref="ParameterSet"/>.
    /// </summary>
    public int Depth { get; internal set; }

    /// <summary>Whether training leaves the matrix as it is. Only tables can be frozen; set before training begins.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>
    /// Of a table: whether an update leaves rows alone that the batch does not pick, the optimizer's sums included. An update
    /// then costs what the batch picks, however large the table is.
    /// </summary>
    /// <remarks>As in "lazy" Adam: a row's moments neither decay nor move it while it is not picked.</remarks>
    public bool UpdatesLazily { get; init; }

    /// <summary>Rows with the padding between blocks.</summary>
    public int PhysicalRows { get; }

    /// <summary>Gates * units, units padded to a multiple of 16.</summary>
    public int PhysicalColumns { get; }

    /// <summary>Columns of every panel but perhaps the last.</summary>
    public int PanelWidth => Gates * UnitsPerPanel;

    public int Panels => (PhysicalColumns + PanelWidth - 1) / PanelWidth;

    /// <summary>Elements as the user counts them.</summary>
    public long LogicalLength => (long)Rows * Gates * Units;

    /// <summary>Floats in the buffer, padding included.</summary>
    public long Length => (long)PhysicalRows * PhysicalColumns;

    /// <summary>Where the parameter begins in the network's buffers; set by <see cref="ParameterSet"/>.</summary>
    public long Offset { get; internal set; }

    /// <summary>The parameter's first float in a buffer of values, gradients or moments.</summary>
    public float* In(FloatBuffer buffer) => buffer.Data + Offset;

    /// <summary>Columns of panel <paramref name="panel"/>.</summary>
    public int WidthOf(int panel) => Math.Min(PanelWidth, PhysicalColumns - panel * PanelWidth);

    /// <summary>Floats from the parameter's beginning to panel <paramref name="panel"/>.</summary>
    public long PanelOffset(int panel) => (long)panel * PanelWidth * PhysicalRows;

    /// <summary>Where row <paramref name="row"/> of the user's matrix lies among the physical rows.</summary>
    public int PhysicalRow(int row) => row / _blockRows * _blockPitch + row % _blockRows;

    /// <summary>Floats from the parameter's beginning to one element.</summary>
    public long IndexOf(int row, int gate, int unit)
    {
        int panel = unit / UnitsPerPanel;
        int width = WidthOf(panel);
        return PanelOffset(panel) + (long)PhysicalRow(row) * width + gate * (width / Gates) + unit - panel * UnitsPerPanel;
    }

    /// <summary>
    /// Copies one row of one gate out of a buffer: <paramref name="destination"/> has <see cref="Units"/> values.
    /// </summary>
    public void Read(FloatBuffer buffer, int row, int gate, Span<float> destination)
    {
        for (int unit = 0; unit < Units; unit += UnitsPerPanel)
        {
            int count = Math.Min(UnitsPerPanel, Units - unit);
            new ReadOnlySpan<float>(In(buffer) + IndexOf(row, gate, unit), count).CopyTo(destination[unit..]);
        }
    }

    /// <summary>Copies one row of one gate into a buffer.</summary>
    public void Write(FloatBuffer buffer, int row, int gate, ReadOnlySpan<float> source)
    {
        for (int unit = 0; unit < Units; unit += UnitsPerPanel)
        {
            int count = Math.Min(UnitsPerPanel, Units - unit);
            source.Slice(unit, count).CopyTo(new Span<float>(In(buffer) + IndexOf(row, gate, unit), count));
        }
    }
}
