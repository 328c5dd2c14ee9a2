using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>
/// Forecasts of consecutive rows of a table, made on all processors when one of them is asked for. Each row's are, to the bit, those that
/// it gets alone; and an error of one row is not its neighbours'.
/// </summary>
/// <param name="model">Forecasts.</param>
/// <param name="table">The rows.</param>
/// <param name="columns">What their numbers are, for messages.</param>
internal sealed class ForecastBlock(ForecastModel model, SeriesTable table, ForecastColumns columns)
{
    /// <summary>Rows of a block at most, and of one batch; where a row has many numbers, fewer.</summary>
    private const int MostRows = 1024, BatchRows = 64, MostNumbers = 1 << 22;

    private readonly int _labels = model.Shape.Labels;

    private readonly ConcurrentBag<Worker> _workers = [];

    /// <summary>[3][rows, L]: forecast, lower and upper bound.</summary>
    private readonly float[][] _values = [[], [], []];

    /// <summary>[rows] what kept a row from having a forecast.</summary>
    private ExceptionDispatchInfo?[] _errors = [];

    private int _first, _count;

    /// <summary>[L] of a row.</summary>
    /// <param name="column">0: the forecast; 1: its lower, 2: its upper bound.</param>
    /// <param name="row">Of the table.</param>
    /// <exception cref="InvalidOperationException">The network cannot work with the numbers of the row's window; the message names the row.</exception>
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
        if (!_workers.TryTake(out Worker? worker))
            worker = new Worker(model);
        int first = batch * BatchRows;
        worker.Forecast(table.Places.AsSpan(_first + first, Math.Min(BatchRows, _count - first)), table.Series,
            [.. _values.Select(values => values.AsMemory(first * _labels))], (row, error) => Fail(first + row, error));
        _workers.Add(worker);
    }

    /// <param name="row">Of the block.</param>
    /// <param name="error">What scoring threw.</param>
    private void Fail(int row, Exception error) => _errors[row] = ExceptionDispatchInfo.Capture(new InvalidOperationException(
        $"Column '{string.Join("', '", [.. columns.Targets, .. columns.Covariates])}', " +
        Invariant($"row {_first + row} (counted from 0), in the window of {Counted.Of(model.Shape.HistorySize, "step")} that ends there: {error.Message}"), error));

    /// <summary>Memory of one batch, used again by the next.</summary>
    private sealed class Worker(ForecastModel model)
    {
        private readonly WindowEncoder _encoder = model.CreateEncoder();
        private readonly SequenceDataset _data = InMemory(model.Shape.FrameSize);
        private readonly EncoderPass _workspace = model.Network.CreatePass();
        private readonly int[] _rows = [.. Enumerable.Range(0, BatchRows)];

        /// <summary>For each window of the batch, which of the rows it belongs to, and its scales [D].</summary>
        private readonly int[] _owners = new int[BatchRows];
        private readonly TargetScale[] _scales = new TargetScale[BatchRows * model.Shape.Targets];

        /// <summary>[windows, 3 L] of the network.</summary>
        private float[] _outputs = [];

        /// <summary>Has no file, and needs no end.</summary>
        private static SequenceDataset InMemory(int frameSize) => new([StepFeature.Frames(frameSize)]);

        /// <param name="places">Of the rows.</param>
        /// <param name="series">Of the table.</param>
        /// <param name="values">[3][rows, L] written for rows that have a window.</param>
        /// <param name="fail">Told of a row whose window cannot be worked with.</param>
        public void Forecast(ReadOnlySpan<(int Series, int Step)> places, SeriesSteps[] series, Memory<float>[] values, Action<int, Exception> fail)
        {
            int windows = 0, outputs = model.Network.NumberOfOutputs;
            _data.Clear();
            for (int row = 0; row < places.Length; row++)
                if (_encoder.TryEncode(series[places[row].Series], places[row].Step))
                {
                    _data.Add(_encoder.Frames, label: 0);
                    _encoder.Scales.CopyTo(_scales.AsSpan(windows * model.Shape.Targets));
                    _owners[windows++] = row;
                }
            if (windows == 0)
                return;
            if (_outputs.Length < (long)windows * outputs)
                _outputs = new float[ArrayLength.Of(windows, outputs)];
            ForecastWindows(0, windows, values, fail);
        }

        /// <summary>Some of the windows at once; one by one where that fails.</summary>
        private void ForecastWindows(int first, int count, Memory<float>[] values, Action<int, Exception> fail)
        {
            int labels = model.Shape.Labels, outputs = model.Network.NumberOfOutputs;
            try
            {
                model.Network.Score(_data, _rows.AsSpan(first, count), _outputs, _workspace);
            }
            catch (Exception e) when (count == 1 && RowError.IsOfTheRow(e))
            {
                fail(_owners[first], e);
                return;
            }
            catch (Exception e) when (RowError.IsOfTheRow(e))
            {
                for (int k = first; k < first + count; k++)
                    ForecastWindows(k, 1, values, fail);
                return;
            }
            for (int k = first; k < first + count; k++)
            {
                Span<float> Of(int column) => values[column].Span.Slice(_owners[k] * labels, labels);
                Span<TargetScale> scales = _scales.AsSpan(k * model.Shape.Targets, model.Shape.Targets);
                model.Decode(scales, _outputs.AsSpan(k * outputs, outputs), Of(0), Of(1), Of(2));
            }
        }
    }
}
