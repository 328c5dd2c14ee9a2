using SequenceModels.Heads;

namespace SequenceModels.Forecasting;

/// <summary>
/// What the outputs of a network that forecasts mean: for each label a forecast and two bounds, on the scale of the window.
/// </summary>
/// <param name="spec">Of the forecast.</param>
/// <param name="widening">[L] how far the bounds move out, on the labels' scale.</param>
internal sealed class ForecastOutputs(ForecastSpec spec, float[] widening)
{
    /// <summary>[L] how far the bounds move out, on the labels' scale.</summary>
    public ReadOnlySpan<float> Widening => widening;

    /// <summary>The head that a loss asks for.</summary>
    public static (HeadKind Kind, Quantiles Quantiles) HeadOf(ForecastLoss loss, float confidenceLevel)
    {
        float below = (1 - confidenceLevel) / 2;
        return loss switch
        {
            ForecastLoss.SquaredError => (HeadKind.SquaredError, new(below, 1 - below)),
            ForecastLoss.AbsoluteError => (HeadKind.AbsoluteError, new(below, 1 - below)),
            _ => (HeadKind.Pinball, new(below, 0.5f, 1 - below)),
        };
    }

    /// <summary>Forecast and bounds on the window's scale that a label's three outputs mean.</summary>
    public static (float Point, float Lower, float Upper) Read(ForecastLoss loss, ReadOnlySpan<float> outputs, int label)
    {
        ReadOnlySpan<float> own = outputs.Slice(label * 3, 3);
        return loss == ForecastLoss.Quantile ? (own[1], own[0], own[2]) : (own[0], own[1], own[2]);
    }

    /// <summary>Forecast and bounds, each [L] in the target's unit.</summary>
    /// <param name="scales">[L] of the labels.</param>
    /// <param name="outputs">[C, outputs] of the network for each window.</param>
    /// <param name="points">Written.</param>
    /// <param name="lowers">Written.</param>
    /// <param name="uppers">Written.</param>
    /// <exception cref="ArithmeticException">A value is larger than any number.</exception>
    public void Decode(ReadOnlySpan<LabelScale> scales, ReadOnlySpan<float> outputs, Span<float> points, Span<float> lowers,
        Span<float> uppers)
    {
        int each = outputs.Length / spec.Channels;
        for (int channel = 0; channel < spec.Channels; channel++)
            for (int own = 0; own < spec.WindowLabels; own++)
            {
                (float point, float lower, float upper) = Read(spec.Loss, outputs.Slice(channel * each, each), own);
                int label = spec.LabelOf(channel, own);
                (double location, double scale) = scales[label];
                points[label] = Value(location + scale * point);
                // The network may let them cross; a forecast lies between its bounds.
                lowers[label] = Value(location + scale * Math.Min(point, lower - widening[label]));
                uppers[label] = Value(location + scale * Math.Max(point, upper + widening[label]));
            }
    }

    /// <summary>The value in the target's unit, within the limits that were set.</summary>
    private float Value(double level)
    {
        float value = spec.Limits.Apply((float)(spec.IsLog ? Math.Exp(level) : level));
        return !float.IsInfinity(value) ? value : throw new ArithmeticException(
            "A forecast or its bound is larger than any number, by values of the window or weights that are too large.");
    }
}
