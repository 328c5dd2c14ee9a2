using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>Forecasts from several windows in one pass, with memory that the next batch uses again. One per thread.</summary>
internal sealed class ForecastBatch(ForecastModel model)
{
    /// <summary>Windows of a batch at most.</summary>
    public const int MostWindows = 64;

    private readonly WindowEncoder _encoder = model.CreateEncoder();

    private readonly SequenceDataset _data = InMemory(model.Spec.FrameSize);
    private readonly EncoderPass _pass = model.Network.CreatePass();
    private readonly int[] _rows = [.. Enumerable.Range(0, MostWindows)];

    /// <summary>For each window, which of the places it belongs to, and its scales [D].</summary>
    private readonly int[] _owners = new int[MostWindows];
    private readonly TargetScale[] _scales = new TargetScale[MostWindows * model.Spec.Targets];

    /// <summary>[windows, 3 L] of the network.</summary>
    private float[] _outputs = [];

    /// <summary>Has no file, and needs no end.</summary>
    private static SequenceDataset InMemory(int frameSize) => new([StepFeature.Frames(frameSize)]);

    /// <summary>
    /// Writes the forecasts of some steps of a table; those of a step that no window ends with stay as they are.
    /// </summary>
    /// <param name="places">The steps: series, and step of it. <see cref="MostWindows"/> at most.</param>
    /// <param name="series">Of the table.</param>
    /// <param name="values">[3][places, L] forecasts, lower and upper bounds.</param>
    /// <param name="fail">Told of a place whose window cannot be worked with, and why.</param>
    public void Forecast(ReadOnlySpan<(int Series, int Step)> places, SeriesSteps[] series, Memory<float>[] values,
        Action<int, Exception> fail)
    {
        int windows = 0, outputs = model.Network.NumberOfOutputs;
        _data.Clear();
        for (int place = 0; place < places.Length; place++)
            if (_encoder.TryEncode(series[places[place].Series], places[place].Step))
            {
                _data.Add(_encoder.Frames, label: 0);
                _encoder.Scales.CopyTo(_scales.AsSpan(windows * model.Spec.Targets));
                _owners[windows++] = place;
            }
        if (windows == 0)
            return;
        if (_outputs.Length < (long)windows * outputs)
            _outputs = new float[ArrayLength.Of(windows, outputs)];
        Forecast(0, windows, values, fail);
    }

    /// <summary>Some of the windows at once; one by one where that fails.</summary>
    private void Forecast(int first, int count, Memory<float>[] values, Action<int, Exception> fail)
    {
        int labels = model.Spec.Labels, outputs = model.Network.NumberOfOutputs;
        try
        {
            model.Network.Score(_data, _rows.AsSpan(first, count), _outputs, _pass);
        }
        catch (Exception e) when (count == 1 && ForecastPass.IsOfTheNumbers(e))
        {
            fail(_owners[first], e);
            return;
        }
        catch (Exception e) when (ForecastPass.IsOfTheNumbers(e))
        {
            for (int k = first; k < first + count; k++)
                Forecast(k, 1, values, fail);
            return;
        }
        for (int k = first; k < first + count; k++)
        {
            Span<float> Of(int column) => values[column].Span.Slice(_owners[k] * labels, labels);
            ReadOnlySpan<TargetScale> scales = _scales.AsSpan(k * model.Spec.Targets, model.Spec.Targets);
            try
            {
                model.Outputs.Decode(scales, _outputs.AsSpan(k * outputs, outputs), Of(0), Of(1), Of(2));
            }
            catch (ArithmeticException e)
            {
                fail(_owners[k], e);
            }
        }
    }
}
