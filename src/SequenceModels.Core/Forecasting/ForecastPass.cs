using SequenceModels.Kernels;
using SequenceModels.Networks;

namespace SequenceModels.Forecasting;

/// <summary>Forecasts from one window at a time, with memory of its own that it uses again. One per thread.</summary>
internal sealed class ForecastPass(ForecastModel model)
{
    private readonly WindowEncoder _encoder = model.CreateEncoder();
    private readonly EncoderPass _pass = model.Network.CreatePass();
    private readonly float[] _outputs = new float[ArrayLength.Of(model.Spec.Channels, model.Network.NumberOfOutputs)];

    /// <summary>
    /// [steps, N] of a window and, where something is known of it, of its future; taken when there is a window.
    /// </summary>
    private float[] _numbers = [];
    private SeriesSteps? _steps;

    /// <summary>Whether an error of scoring may come of the numbers that were scored. Any other is handed on as it is.</summary>
    public static bool IsOfTheNumbers(Exception error) =>
        error is ArgumentException or ArithmeticException or InvalidOperationException;

    /// <summary>Writes the forecast after a series' last step; NaN where there is none.</summary>
    /// <param name="series">The steps up to it.</param>
    /// <param name="future">[H, numbers known ahead] of the steps after it; empty where the network asks for none.</param>
    /// <param name="points">[L] written.</param>
    /// <param name="lowers">[L] written.</param>
    /// <param name="uppers">[L] written.</param>
    /// <param name="name">Of the series, for the message of an error; empty where it has none.</param>
    /// <exception cref="InvalidOperationException">The network cannot work with the window's numbers.</exception>
    public void Forecast(ForecastState series, ReadOnlySpan<float> future, Span<float> points, Span<float> lowers,
        Span<float> uppers,
        string name = "")
    {
        if (TryEncode(series, future))
        {
            Score(name, points, lowers, uppers);
            return;
        }
        points.Fill(float.NaN);
        lowers.Fill(float.NaN);
        uppers.Fill(float.NaN);
    }

    private bool TryEncode(ForecastState series, ReadOnlySpan<float> future)
    {
        ForecastSpec spec = model.Spec;
        if (!series.HasWindow)
            return false;
        if (_steps is null)
        {
            int steps = spec.HistorySize + (spec.Future > 0 ? spec.Horizon : 0);
            _numbers = new float[ArrayLength.Of(steps, spec.StepSize)];
            _steps = new SeriesSteps(_numbers, spec.StepSize, [.. Enumerable.Range(0, steps)]);
        }
        series.CopyTo(_numbers);
        // Of a step still to come nothing else is looked at but what is known ahead.
        for (int h = 0; h < spec.Horizon && spec.Future > 0; h++)
            future.Slice(h * spec.Future, spec.Future)
                .CopyTo(_numbers.AsSpan((spec.HistorySize + h) * spec.StepSize + spec.Targets + spec.Past, spec.Future));
        return _encoder.TryEncode(_steps, spec.HistorySize - 1);
    }

    private void Score(string name, Span<float> points, Span<float> lowers, Span<float> uppers)
    {
        try
        {
            int each = model.Network.NumberOfOutputs;
            for (int channel = 0; channel < model.Spec.Channels; channel++)
                model.Network.Score(_encoder.Frames(channel), rowFeatures: [], _outputs.AsSpan(channel * each, each), _pass);
            model.Outputs.Decode(_encoder.Scales, _outputs, points, lowers, uppers);
        }
        catch (Exception e) when (IsOfTheNumbers(e))
        {
            string which = name == "" ? "No" : $"Series '{name}': no";
            throw new InvalidOperationException($"{which} forecast can be made from the last " +
                $"{Counted.Of(model.Spec.HistorySize, "step")}" +
                $"{(model.Spec.Future > 0 ? " and what is known ahead" : "")}. {e.Message}", e);
        }
    }
}
