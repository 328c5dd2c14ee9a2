using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Networks;

namespace SequenceModels.Forecasting;

/// <summary>All that is needed to forecast: the network, and how steps become its frames and its outputs forecasts.</summary>
internal sealed class ForecastModel(ForecastSpec shape, StandardScale[] scales, float[] widening, SequenceNetwork network)
{
    public ForecastSpec Shape => shape;

    public SequenceNetwork Network => network;

    public WindowEncoder CreateEncoder() => new(shape, scales);

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

    /// <summary>Forecast and bounds of a window, each [L] in the target's unit.</summary>
    /// <param name="window">[D] the window's scales.</param>
    /// <param name="outputs">[3 L] of the network.</param>
    /// <param name="points">Written.</param>
    /// <param name="lowers">Written.</param>
    /// <param name="uppers">Written.</param>
    public void Decode(ReadOnlySpan<TargetScale> window, ReadOnlySpan<float> outputs, Span<float> points, Span<float> lowers, Span<float> uppers)
    {
        for (int label = 0; label < shape.Labels; label++)
        {
            (float point, float lower, float upper) = Read(shape.Loss, outputs, label);
            TargetScale scale = window[label % shape.Targets];
            double location = scale.Location(label / shape.Targets);
            points[label] = Value(location + scale.Scale * point);
            // The network may let them cross; a forecast lies between its bounds.
            lowers[label] = Value(location + scale.Scale * Math.Min(point, lower - widening[label]));
            uppers[label] = Value(location + scale.Scale * Math.Max(point, upper + widening[label]));
        }
    }

    /// <summary>The value in the target's unit, within the limits that were set.</summary>
    private float Value(double level) => shape.Limits.Apply((float)(shape.IsLog ? Math.Exp(level) : level));

    public void Write(BinaryWriter writer)
    {
        shape.Write(writer);
        foreach (StandardScale scale in scales)
            scale.Write(writer);
        foreach (float value in widening)
            writer.Write(value);
    }

    /// <param name="reader">Stands on what <see cref="Write"/> wrote.</param>
    /// <param name="readNetwork">Reads the network, which follows.</param>
    public static ForecastModel Read(PayloadReader reader, Func<PayloadReader, SequenceNetwork> readNetwork)
    {
        ForecastSpec shape = ForecastSpec.Read(reader);
        long numbers = 2L * shape.StepSize + (long)shape.Horizon * shape.Targets;
        if (numbers > reader.Remaining / sizeof(float))
            throw reader.Invalid($"{Counted.Of(numbers, "number")} of its scales are missing");
        StandardScale[] scales = StandardScale.ReadAll(reader, shape.StepSize);
        float[] widening = new float[shape.Labels];
        reader.ReadFinite("a widening of the bounds", widening);
        SequenceNetwork network = readNetwork(reader);
        (HeadKind head, Quantiles quantiles) = HeadOf(shape.Loss, shape.ConfidenceLevel);
        if (NetworkFit.ToForecast(network.Spec, head, quantiles, shape.Labels, shape.FrameSize) is { } misfit)
            throw reader.Invalid($"the network does not fit the forecast: {misfit}");
        return new ForecastModel(shape, scales, widening, network);
    }
}
