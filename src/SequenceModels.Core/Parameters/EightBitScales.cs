using SequenceModels.Files;
using SequenceModels.Kernels;

namespace SequenceModels.Parameters;

/// <summary>What a scale of a matrix's 8-bit weights belongs to.</summary>
internal enum ScaleOf
{
    /// <summary>There is none: the weights stay floats.</summary>
    None,

    /// <summary>A column: the matrix is multiplied with, and its columns are sums of bytes.</summary>
    Columns,

    /// <summary>A row, or a few short ones: rows are read one by one, as floats.</summary>
    Rows,

    /// <summary>A row, each of which is also a column of an output layer: the transpose is multiplied with.</summary>
    OutputRows,
}

/// <summary>
/// The scales of a network's 8-bit weights. A weight is a whole number from -127 to 127 times its scale, and stands as such in
/// the parameters' values, exactly: a scale has 8 significant bits, and its products with such numbers fit into a float. So all
/// that reads values reads 8-bit weights too.
/// </summary>
internal sealed unsafe class EightBitScales
{
    private const int LargestNumber = 127, LargestPair = 128;

    /// <summary>
    /// Numbers that share a scale at least. With less than this many, columns are no columns to multiply with; short rows share
    /// one.
    /// </summary>
    private const int LeastShared = 32;

    /// <summary>Weights below this are 0, so that no scale is subnormal.</summary>
    private const float Smallest = 1e-30f;

    private readonly Dictionary<Parameter, float[]> _scales = [];

    /// <summary>What the scales of a parameter belong to.</summary>
    public static ScaleOf FormOf(Parameter parameter) =>
        parameter is { Scale: ScaleOf.Columns, Rows: < LeastShared } or { Scale: ScaleOf.OutputRows, Units: < LeastShared }
            ? ScaleOf.Rows : parameter.Scale;

    /// <summary>Bytes of a parameter's weights in a file.</summary>
    public static long BytesOf(Parameter parameter) => FormOf(parameter) == ScaleOf.None
        ? parameter.LogicalLength * sizeof(float) : parameter.LogicalLength + CountOf(parameter) * sizeof(ushort);

    /// <summary>
    /// Rounds weights to whole numbers of scales: the largest that share a scale become ±127 or so, or, where they are multiplied
    /// with, the largest two that are multiplied together.
    /// </summary>
    public static EightBitScales Round(ParameterSet parameters)
    {
        var result = new EightBitScales();
        foreach (Parameter parameter in parameters.All)
        {
            if (FormOf(parameter) == ScaleOf.None)
                continue;
            float[] scales = result._scales[parameter] = new float[CountOf(parameter)];
            float* data = parameter.In(parameters.Values);
            ForEach(parameter, (row, gate, unit, ref value) =>
            {
                ref float largest = ref scales[PlaceOf(parameter, row, gate, unit)];
                largest = Math.Max(largest, Math.Abs(value) + PartnerOf(parameter, data, row, gate, unit));
            }, parameters.Values);
            for (int i = 0; i < scales.Length; i++)
                scales[i] = ScaleFor(scales[i]);
            ForEach(parameter, (row, gate, unit, ref value) =>
            {
                float scale = scales[PlaceOf(parameter, row, gate, unit)];
                value = scale == 0 ? 0 : MathF.Round(value / scale) * scale;
            }, parameters.Values);
        }
        return result;
    }

    /// <summary>The parameter as what rows of bytes are multiplied with; null where it is read as floats.</summary>
    public BytePanels? PanelsOf(Parameter parameter, FloatBuffer values)
    {
        if (FormOf(parameter) != ScaleOf.Columns)
            return null;
        var panels = new BytePanels(parameter.PhysicalRows, parameter.PhysicalColumns, parameter.PanelWidth);
        Span<float> scales = new float[parameter.PanelWidth];
        for (int panel = 0; panel < panels.Panels; panel++)
        {
            int width = panels.WidthOf(panel), units = width / parameter.Gates;
            for (int column = 0; column < width; column++)
            {
                int unit = panel * parameter.UnitsPerPanel + column % units;
                scales[column] = unit >= parameter.Units ? 0
                    : _scales[parameter][column / units * parameter.Units + unit];
            }
            panels.Fill(panel, parameter.In(values) + parameter.PanelOffset(panel), scales[..width]);
        }
        return panels;
    }

    /// <summary>The same of a table's transpose: a row of the table is a column, and its scale the column's.</summary>
    /// <param name="table">In one panel.</param>
    /// <param name="transposed">Its transpose.</param>
    public BytePanels? PanelsOf(Parameter table, Transposed transposed)
    {
        if (FormOf(table) != ScaleOf.OutputRows)
            return null;
        var panels = new BytePanels(table.Units, Rows.Padded(table.Rows), MatMul.PanelWidth);
        Span<float> scales = stackalloc float[MatMul.PanelWidth];
        for (int panel = 0; panel < panels.Panels; panel++)
        {
            for (int column = 0; column < panels.WidthOf(panel); column++)
            {
                int row = panel * MatMul.PanelWidth + column;
                scales[column] = row >= table.Rows ? 0 : _scales[table][row];
            }
            panels.Fill(panel, transposed.Panel(panel), scales[..panels.WidthOf(panel)]);
        }
        return panels;
    }

    /// <summary>
    /// Writes a parameter: its scales, each as the upper half of a float, then its whole numbers, row after row.
    /// </summary>
    public void Write(PayloadWriter writer, Parameter parameter, FloatBuffer values)
    {
        float[] scales = _scales[parameter];
        foreach (float scale in scales)
            writer.Write((ushort)(BitConverter.SingleToUInt32Bits(scale) >> 16));
        ForEach(parameter, (row, gate, unit, ref value) =>
        {
            float scale = scales[PlaceOf(parameter, row, gate, unit)];
            writer.Write((sbyte)(scale == 0 ? 0 : MathF.Round(value / scale)));
        }, values);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A scale is none, or a number has none, or is too large.</exception>
    public void Read(PayloadReader reader, Parameter parameter, FloatBuffer values)
    {
        float[] scales = _scales[parameter] = new float[CountOf(parameter)];
        for (int i = 0; i < scales.Length; i++)
        {
            scales[i] = BitConverter.UInt32BitsToSingle((uint)reader.ReadUInt16() << 16);
            if (!float.IsFinite(scales[i]) || scales[i] < 0 || scales[i] is > 0 and < Smallest / (2 * LargestNumber))
                throw reader.Invalid(Invariant($"a scale of '{parameter.Name}' is {scales[i]}"));
        }
        ForEach(parameter, (row, gate, unit, ref value) =>
        {
            sbyte number = reader.ReadSByte();
            float scale = scales[PlaceOf(parameter, row, gate, unit)];
            if (number < -LargestNumber || (number != 0 && scale == 0) || !float.IsFinite(number * scale))
                throw reader.Invalid(Invariant($"a weight of '{parameter.Name}' is {number} times {scale}"));
            value = number * scale;
        }, values);
        float* data = parameter.In(values);
        ForEach(parameter, (row, gate, unit, ref value) =>
        {
            float largest = LargestPair * scales[PlaceOf(parameter, row, gate, unit)];
            if (Math.Abs(value) + PartnerOf(parameter, data, row, gate, unit) > largest)
                throw reader.Invalid(Invariant($"two weights of '{parameter.Name}' are {value / largest * LargestPair} and ") +
                    Invariant($"{PartnerOf(parameter, data, row, gate, unit) / largest * LargestPair} times their scale"));
        }, values);
    }

    private static int CountOf(Parameter parameter) => FormOf(parameter) == ScaleOf.Columns ? Columns(parameter)
        : (parameter.Rows + RowsOfScale(parameter) - 1) / RowsOfScale(parameter);

    private static int Columns(Parameter parameter) => parameter.Gates * parameter.Units;

    /// <summary>Rows that share a scale: one, unless it is short.</summary>
    private static int RowsOfScale(Parameter parameter) => (LeastShared + Columns(parameter) - 1) / Columns(parameter);

    private static int PlaceOf(Parameter parameter, int row, int gate, int unit) =>
        FormOf(parameter) == ScaleOf.Columns ? gate * parameter.Units + unit : row / RowsOfScale(parameter);

    /// <summary>
    /// The absolute value of the weight that is multiplied together with one, where that stands first; else 0
    /// (<see cref="BytePanels"/>).
    /// </summary>
    private static float PartnerOf(Parameter parameter, float* data, int row, int gate, int unit)
    {
        switch (FormOf(parameter))
        {
            case ScaleOf.Columns when parameter.PhysicalRow(row) % 2 == 0 && row + 1 < parameter.Rows &&
                parameter.PhysicalRow(row + 1) == parameter.PhysicalRow(row) + 1:
                return Math.Abs(data[parameter.IndexOf(row + 1, gate, unit)]);
            case ScaleOf.OutputRows when unit % 2 == 0 && unit + 1 < parameter.Units:
                return Math.Abs(data[parameter.IndexOf(row, gate, unit + 1)]);
            default:
                return 0;
        }
    }

    /// <summary>Rounded up to 8 significant bits, so that no number is above 127.</summary>
    private static float ScaleFor(float largest) => largest < Smallest ? 0
        : BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(largest / LargestNumber) + 0xFFFF) & 0xFFFF0000);

    private delegate void WeightAction(int row, int gate, int unit, ref float value);

    /// <summary>Every weight in the order of a file: row after row, gate after gate.</summary>
    private static void ForEach(Parameter parameter, WeightAction action, FloatBuffer values)
    {
        float* data = parameter.In(values);
        for (int row = 0; row < parameter.Rows; row++)
            for (int gate = 0; gate < parameter.Gates; gate++)
                for (int unit = 0; unit < parameter.Units; unit++)
                    action(row, gate, unit, ref data[parameter.IndexOf(row, gate, unit)]);
    }
}
