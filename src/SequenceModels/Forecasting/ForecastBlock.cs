using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>
/// Forecasts of consecutive rows of a table, made on all processors when one of them is asked for. Each row's are, to the bit, those that
/// it gets alone.
/// </summary>
internal sealed class ForecastBlock(ForecastModel model, SeriesTable table)
{
    /// <summary>Rows of a block at most, and of one batch.</summary>
    private const int MostRows = 1024, BatchRows = 64;

    private readonly int _labels = model.Shape.Labels;

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
        int most = row == _first + _count ? Math.Min(MostRows, Math.Max(1, 8 * _count)) : 1;
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
        int first = batch * BatchRows, count = Math.Min(BatchRows, _count - first);
        WindowEncoder encoder = model.CreateEncoder();
        using var data = new SequenceDataset(SequenceInput.Frames, model.Shape.FrameSize);
        var places = new List<int>();
        for (int i = first; i < first + count; i++)
            if (TryEncode(encoder, i))
            {
                data.Add(encoder.Frames, label: 0);
                places.Add(i);
            }
        if (places.Count == 0)
            return;
        int outputs = model.Network.NumberOfOutputs;
        float[] scores = new float[ArrayLength.Of(places.Count, outputs)];
        model.Network.Score(data, [.. Enumerable.Range(0, places.Count)], scores, model.Network.CreateWorkspace());
        for (int k = 0; k < places.Count; k++)
        {
            TryEncode(encoder, places[k]); // for its scale
            Span<float> Of(int column) => _values[column].AsSpan(places[k] * _labels, _labels);
            model.Decode(encoder, scores.AsSpan(k * outputs, outputs), Of(0), Of(1), Of(2));
        }
    }

    private bool TryEncode(WindowEncoder encoder, int place)
    {
        (int series, int step) = table.Places[_first + place];
        return encoder.TryEncode(table.Series[series], step);
    }
}
