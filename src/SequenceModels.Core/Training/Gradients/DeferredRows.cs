using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Training;

/// <summary>
/// Rows of large tables wait with the updates in which they have no gradient, until they are read or have one: then all of these
/// are made at once, in registers, with the same bits as one by one. Rows that never had a gradient need none at all. An update
/// costs what the batch picks, not what the table holds.
/// </summary>
/// <param name="parameters">Have the tables.</param>
/// <param name="tables">Those whose rows the same tokens pick.</param>
/// <param name="firstKey">Key of row 0.</param>
/// <param name="rule">The optimizer.</param>
internal sealed unsafe class DeferredRows(ParameterSet parameters, IReadOnlyList<Parameter> tables, int firstKey, UpdateRule rule)
{
    /// <summary>Floats of tables below which all of it stays in the caches, so that waiting gains nothing.</summary>
    public const long SmallestTable = 1 << 17;

    /// <summary>Floats of a table that one task catches up with.</summary>
    private const int TaskLength = 1 << 12;

    /// <summary>A row that is no weight's update behind, however many there were: its sums are zero.</summary>
    private const long Still = long.MaxValue;

    private readonly Parameter[] _tables = [.. tables];
    private readonly int _rowsPerTask = Math.Max(1, TaskLength / tables.Sum(table => table.PhysicalColumns));
    private readonly long[] _reached = new long[tables[0].PhysicalRows];
    private readonly List<(int Row, long Reached)> _behind = [];

    /// <summary>The update after which no row was behind.</summary>
    private long _level;

    /// <summary>Tasks in which the rows that were found catch up.</summary>
    public int Tasks => (_behind.Count + _rowsPerTask - 1) / _rowsPerTask;

    /// <summary>Begins where all weights have made all updates so far.</summary>
    public void Begin()
    {
        _level = rule.Update;
        for (int row = 0; row < _reached.Length; row++)
            _reached[row] = rule.LeavesZeroSums && HasZeroSums(row) ? Still : rule.Update;
    }

    /// <summary>Looks for rows that tokens are about to read, and that are behind.</summary>
    /// <param name="tokens">Those above the largest key count as unknown.</param>
    public void Find(ReadOnlySpan<uint> tokens)
    {
        foreach (uint token in tokens)
            Find((int)(token < (uint)(_reached.Length + firstKey) ? token : 0) - firstKey);
    }

    /// <summary>Looks for all rows that are behind, where that is due or asked for.</summary>
    /// <param name="always">Whether it is; else only once rows have waited as long as they may.</param>
    public void FindAll(bool always)
    {
        if (!always && rule.Update - _level < UpdateRule.Remembered - 1)
            return;
        for (int row = 0; row < _reached.Length; row++)
            Find(row);
        _level = rule.Update;
    }

    /// <summary>Lets some of the rows that were found make the updates up to the last.</summary>
    public void CatchUp(int task)
    {
        int end = Math.Min(_behind.Count, (task + 1) * _rowsPerTask);
        for (int i = task * _rowsPerTask; i < end; i++)
            Move(_behind[i].Row, null, 1, _behind[i].Reached + 1);
    }

    /// <summary>Forgets the rows that were found: they have caught up.</summary>
    public void EndCatchUp() => _behind.Clear();

    /// <summary>Lets a row make the present update with its gradient, and before it those that it has waited with.</summary>
    /// <param name="row">Of the tables.</param>
    /// <param name="gradients">[table][column].</param>
    /// <param name="gradientScale">What gradients are multiplied with first.</param>
    public void Update(long row, float* gradients, float gradientScale)
    {
        Move(row, gradients, gradientScale, _reached[row] == Still ? rule.Update : _reached[row] + 1);
        _reached[row] = rule.Update;
    }

    private void Find(int row)
    {
        if (row < 0 || _reached[row] >= rule.Update)
            return;
        _behind.Add((row, _reached[row]));
        _reached[row] = rule.Update;
    }

    private void Move(long row, float* gradients, float gradientScale, long first)
    {
        foreach (Parameter table in _tables)
            for (int panel = 0; panel < table.Panels; panel++)
            {
                int width = table.WidthOf(panel);
                rule.CatchUp(parameters.Values, gradients, gradientScale, table.Depth, first,
                    table.Offset + table.PanelOffset(panel) + row * width, width);
                gradients = gradients is null ? null : gradients + width;
            }
    }

    private bool HasZeroSums(int row)
    {
        foreach (FloatBuffer sums in rule.State)
            foreach (Parameter table in _tables)
                for (int panel = 0; panel < table.Panels; panel++)
                {
                    int width = table.WidthOf(panel);
                    if (new Span<float>(table.In(sums) + table.PanelOffset(panel) + (long)row * width, width)
                        .ContainsAnyExcept(0f))
                        return false;
                }
        return true;
    }
}
