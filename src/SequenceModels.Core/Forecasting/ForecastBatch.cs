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
    private readonly int[] _rows = [.. Enumerable.Range(0, ArrayLength.Of(MostWindows, model.Spec.Channels))];

    /// <summary>For each place that can be forecast from, which of all it is, and its scales [L].</summary>
    private readonly int[] _owners = new int[MostWindows];
    private LabelScale[] _scales = [];

    /// <summary>[places, C, outputs] of the network.</summary>
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
        int found = 0, labels = model.Spec.Labels, outputs = model.Spec.Channels * model.Network.NumberOfOutputs;
        if (_scales.Length < (long)places.Length * labels)
            _scales = new LabelScale[ArrayLength.Of(places.Length, labels)];
        _data.Clear();
        for (int place = 0; place < places.Length; place++)
            if (_encoder.TryEncode(series[places[place].Series], places[place].Step))
            {
                for (int channel = 0; channel < model.Spec.Channels; channel++)
                    _data.Add(_encoder.Frames(channel), label: 0);
                _encoder.Scales.CopyTo(_scales.AsSpan(found * labels));
                _owners[found++] = place;
            }
        if (found == 0)
            return;
        if (_outputs.Length < (long)found * outputs)
            _outputs = new float[ArrayLength.Of(found, outputs)];
        Forecast(0, found, values, fail);
    }

    /// <summary>From some of the places at once; one by one where that fails.</summary>
    private void Forecast(int first, int count, Memory<float>[] values, Action<int, Exception> fail)
    {
        int labels = model.Spec.Labels, channels = model.Spec.Channels, outputs = channels * model.Network.NumberOfOutputs;
        try
        {
            model.Network.Score(_data, _rows.AsSpan(first * channels, count * channels), _outputs, _pass);
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
            ReadOnlySpan<LabelScale> scales = _scales.AsSpan(k * labels, labels);
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
