using Microsoft.ML;

namespace SequenceModels.Forecasting;

/// <summary>Reads the times of steps.</summary>
internal sealed class TimeReader
{
    private readonly string _column;
    private readonly StepValue _time;
    private readonly Action<StepValue> _read;

    /// <param name="row">Where the column is read.</param>
    /// <param name="column">Its active column of times.</param>
    public TimeReader(DataViewRow row, DataViewSchema.Column column)
    {
        _column = column.Name;
        _time = KeptColumn.Of(column)!.NewValue();
        _read = _time.Reader(row, column);
    }

    /// <summary>Throws if the present row has no time.</summary>
    public void Require(int row)
    {
        _read(_time);
        if (_time.IsMissing)
            throw TimeFaults.Missing(_column, row);
    }
}
