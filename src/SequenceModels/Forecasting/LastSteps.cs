using Microsoft.ML;

namespace SequenceModels.Forecasting;

/// <summary>
/// The last observed step of each series of a table, with every column whose values can be kept: what stands behind a forecast may need any.
/// </summary>
internal sealed class LastSteps
{
    private readonly Action<StepValue>[] _readers;
    private readonly int _time;
    private readonly List<StepValue[]?> _steps = [];

    /// <summary>Of the present row; trades places with its series' if it is later.</summary>
    private StepValue[] _present;

    /// <param name="row">A cursor of the table.</param>
    /// <param name="sources">Active columns that <see cref="CanKeep"/> chose.</param>
    /// <param name="time">The one that orders steps; null: they come in order.</param>
    public LastSteps(DataViewRow row, IReadOnlyList<DataViewSchema.Column> sources, string? time)
    {
        Columns = [.. sources.Select(source => KeptColumn.Of(source)!)];
        _present = KeptColumn.NewValues(Columns);
        _readers = [.. sources.Select((source, i) => _present[i].Reader(row, source))];
        _time = Array.FindIndex(Columns, column => column.Name == time);
    }

    public KeptColumn[] Columns { get; }

    /// <summary>The columns of a table whose values can be kept.</summary>
    public static DataViewSchema.Column[] CanKeep(DataViewSchema schema) =>
        [.. schema.Where(column => !column.IsHidden && KeptColumn.Of(column) is not null)];

    /// <summary>Values of the last step of a series; null if none was observed.</summary>
    public StepValue[]? Of(int series) => series < _steps.Count ? _steps[series] : null;

    /// <summary>Takes the present row, an observed step of a series, unless a later one came before.</summary>
    public void Read(int series)
    {
        while (_steps.Count <= series)
            _steps.Add(null);
        StepValue[]? last = _steps[series];
        if (_time >= 0)
            _readers[_time](_present[_time]);
        if (_time >= 0 && last is not null && _present[_time].CompareTo(last[_time]) < 0)
            return;
        for (int i = 0; i < _readers.Length; i++)
            if (i != _time)
                _readers[i](_present[i]);
        (_steps[series], _present) = (_present, last ?? KeptColumn.NewValues(Columns));
    }
}
