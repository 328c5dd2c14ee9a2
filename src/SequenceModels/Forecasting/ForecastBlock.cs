using System.Collections.Concurrent;
using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>
/// Forecasts of consecutive rows of a table, made on all processors when one of them is asked for. Each row's are, to the bit, those that
/// it gets alone.
/// </summary>
internal sealed class ForecastBlock(ForecastModel model, SeriesTable table)
{
    /// <summary>Rows of a block at most, and of one batch; where a row has many numbers, fewer.</summary>
    private const int MostRows = 1024, BatchRows = 64, MostNumbers = 1 << 22;

    private readonly int _labels = model.Shape.Labels;

    private readonly ConcurrentBag<Worker> _workers = [];

    /// <summary>[3][rows, L]: forecast, lower and upper bound.</summary>
    private readonly float[][] _values = [[], [], []];

    private int _first, _count;

    /// <summary>[L] of a row.</summary>
    /// <param name="column">0: the forecast; 1: its lower, 2: its upper bound.</param>
    /// <param name="row">Of the table.</param>
    public ReadOnlySpan<float> Get(int column, int row)
    {
        if (row < _first || row >= _first + _count)
            Fill(row);
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
        int batches = (_count + BatchRows - 1) / BatchRows;
        if (batches == 1)
            Forecast(0);
        else
            Parallel.For(0, batches, Forecast);
    }

    private void Forecast(int batch)
    {
        if (!_workers.TryTake(out Worker? worker))
            worker = new Worker(model);
        int first = batch * BatchRows;
        worker.Forecast(table.Places.AsSpan(_first + first, Math.Min(BatchRows, _count - first)), table.Series,
            [.. _values.Select(values => values.AsMemory(first * _labels))]);
        _workers.Add(worker);
    }

    /// <summary>Memory of one batch, used again by the next.</summary>
    private sealed class Worker(ForecastModel model)
    {
        private readonly WindowEncoder _encoder = model.CreateEncoder();
        private readonly SequenceDataset _data = InMemory(model.Shape.FrameSize);
        private readonly Workspace _workspace = model.Network.CreateWorkspace();
        private readonly int[] _rows = [.. Enumerable.Range(0, BatchRows)];

        /// <summary>For each window of the batch, which of the rows it belongs to, and its scales [D].</summary>
        private readonly int[] _owners = new int[BatchRows];
        private readonly TargetScale[] _scales = new TargetScale[BatchRows * model.Shape.Targets];

        /// <summary>[windows, 3 L] of the network.</summary>
        private float[] _outputs = [];

        /// <summary>Has no file, and needs no end.</summary>
        private static SequenceDataset InMemory(int frameSize) => new(SequenceInput.Frames, frameSize);

        /// <param name="places">Of the rows.</param>
        /// <param name="series">Of the table.</param>
        /// <param name="values">[3][rows, L] written for rows that have a window.</param>
        public void Forecast(ReadOnlySpan<(int Series, int Step)> places, SeriesSteps[] series, Memory<float>[] values)
        {
            int windows = 0, labels = model.Shape.Labels, outputs = model.Network.NumberOfOutputs;
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
            model.Network.Score(_data, _rows.AsSpan(0, windows), _outputs, _workspace);
            for (int k = 0; k < windows; k++)
            {
                Span<float> Of(int column) => values[column].Span.Slice(_owners[k] * labels, labels);
                Span<TargetScale> scales = _scales.AsSpan(k * model.Shape.Targets, model.Shape.Targets);
                model.Decode(scales, _outputs.AsSpan(k * outputs, outputs), Of(0), Of(1), Of(2));
            }
        }
    }
}
