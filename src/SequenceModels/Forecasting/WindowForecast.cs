using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Scoring;

namespace SequenceModels.Forecasting;

/// <summary>Forecasts from one window at a time, with memory of its own that it uses again.</summary>
internal sealed class WindowForecast(ForecastModel model)
{
    private readonly WindowEncoder _encoder = model.CreateEncoder();
    private readonly EncoderPass _workspace = model.Network.CreatePass();
    private readonly float[] _outputs = new float[model.Network.NumberOfOutputs];

    /// <summary>[steps, N] of a window and, where something is known of it, of its future; taken when there is a window.</summary>
    private float[] _numbers = [];
    private SeriesSteps? _steps;

    /// <summary>Forecast, lower and upper bound, each [L].</summary>
    public float[][] Values { get; } = [new float[model.Shape.Labels], new float[model.Shape.Labels], new float[model.Shape.Labels]];

    /// <summary>Writes the forecast of a series' last step; NaN where there is none.</summary>
    /// <param name="series">The steps up to it.</param>
    /// <param name="ahead">[H, N] the steps after it, as far as they are known; empty where the network asks for none.</param>
    /// <exception cref="InvalidOperationException">The network cannot work with the window's numbers; the message names the series.</exception>
    public void Make(SeriesState series, ReadOnlySpan<float> ahead)
    {
        if (!TryMake(series, ahead))
            foreach (float[] values in Values)
                values.AsSpan().Fill(float.NaN);
    }

    private bool TryMake(SeriesState series, ReadOnlySpan<float> ahead)
    {
        ForecastSpec shape = model.Shape;
        if (series.Count < shape.HistorySize)
            return false;
        if (_steps is null)
        {
            int steps = shape.HistorySize + (shape.Future > 0 ? shape.Horizon : 0);
            _numbers = new float[ArrayLength.Of(steps, shape.StepSize)];
            _steps = new SeriesSteps(_numbers, shape.StepSize, [.. Enumerable.Range(0, steps)]);
        }
        series.CopyTo(_numbers);
        if (shape.Future > 0)
            ahead.CopyTo(_numbers.AsSpan(shape.HistorySize * shape.StepSize));
        if (!_encoder.TryEncode(_steps, shape.HistorySize - 1))
            return false;
        try
        {
            model.Network.Score(_encoder.Frames, _outputs, _workspace);
        }
        catch (Exception e) when (RowError.IsOfTheRow(e))
        {
            string which = series.Name == "" ? "" : $"Series '{series.Name}': ";
            throw new InvalidOperationException($"{which}no forecast can be made from the last {Counted.Of(shape.HistorySize, "step")}" +
                $"{(shape.Future > 0 ? " and what is known ahead" : "")}. {e.Message}", e);
        }
        model.Decode(_encoder.Scales, _outputs, Values[0], Values[1], Values[2]);
        return true;
    }
}
