using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using SequenceModels.Kernels;

namespace SequenceModels.Forecasting;

/// <summary>
/// Forecasts of consecutive rows of a table, made on all processors when one of them is asked for. Each row's are, to the bit,
/// those that it gets alone; and an error of one row is not its neighbours'.
/// </summary>
/// <param name="model">Forecasts.</param>
/// <param name="table">The rows.</param>
/// <param name="columns">What their numbers are, for messages.</param>
internal sealed class ForecastBlock(ForecastModel model, SeriesTable table, ForecastColumns columns)
{
    /// <summary>Rows of a block at most, and of one batch; of a block fewer, where a row has many numbers.</summary>
    private const int MostRows = 1024, BatchRows = ForecastBatch.MostWindows, MostNumbers = 1 << 22;

    private readonly int _labels = model.Spec.Labels;

    private readonly ConcurrentBag<ForecastBatch> _batches = [];

    /// <summary>[3][rows, L]: forecast, lower and upper bound.</summary>
    private readonly float[][] _values = [[], [], []];

    /// <summary>[rows] what kept a row from having a forecast.</summary>
    private ExceptionDispatchInfo?[] _errors = [];

    private int _first, _count;

    /// <summary>[L] of a row.</summary>
    /// <param name="column">0: the forecast; 1: its lower, 2: its upper bound.</param>
    /// <param name="row">Of the table.</param>
    /// <exception cref="InvalidOperationException">
    /// The network cannot work with the numbers of the row's window; the message names the row.
    /// </exception>
    public ReadOnlySpan<float> Get(int column, int row)
    {
        if (row < _first || row >= _first + _count)
            Fill(row);
        _errors[row - _first]?.Throw();
        return _values[column].AsSpan((row - _first) * _labels, _labels);
    }

    /// <summary>A single row first; larger blocks for those who go on.</summary>
    private void Fill(int row)
    {
        int most = row == _first + _count ? Math.Max(1, Math.Min(Math.Min(MostRows, MostNumbers / _labels), 8 * _count)) : 1;
        (_first, _count) = (row, Math.Min(most, table.Places.Length - row));
        for (int column = 0; column < _values.Length; column++)
        {
            if (_values[column].Length < _count * _labels)
                _values[column] = new float[ArrayLength.Of(_count, _labels)];
            _values[column].AsSpan().Fill(float.NaN);
        }
        _errors = new ExceptionDispatchInfo?[_count];
        int batches = (_count + BatchRows - 1) / BatchRows;
        try
        {
            if (batches == 1)
                Forecast(0);
            else
                Parallel.For(0, batches, Forecast);
        }
        catch
        {
            _count = 0; // what is not there yet must not be taken for a row without a forecast
            throw;
        }
    }

    private void Forecast(int batch)
    {
        if (!_batches.TryTake(out ForecastBatch? scratch))
            scratch = new ForecastBatch(model);
        int first = batch * BatchRows;
        scratch.Forecast(table.Places.AsSpan(_first + first, Math.Min(BatchRows, _count - first)), table.Series,
            [.. _values.Select(values => values.AsMemory(first * _labels))], (row, error) => Fail(first + row, error));
        _batches.Add(scratch);
    }

    /// <param name="row">Of the block.</param>
    /// <param name="error">What scoring threw.</param>
    private void Fail(int row, Exception error) => _errors[row] = ExceptionDispatchInfo.Capture(new InvalidOperationException(
        $"Column '{string.Join("', '", [.. columns.Targets, .. columns.Covariates])}', " +
        Invariant($"row {_first + row} (counted from 0), in the window of {Counted.Of(model.Spec.HistorySize, "step")} that ") +
        Invariant($"ends there: {error.Message}"), error));
}
