using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Networks;

namespace SequenceModels.Forecasting;

/// <summary>The file of a forecast model: what is chosen, the scales, how far bounds move out, and the network.</summary>
internal static class ForecastFile
{
    private const string Kind = "SEQFMODL";
    private const int Version = 1;

    public static void Write(ForecastModel model, Stream stream) => SealedPayload.Write(stream, Kind, Version, writer =>
    {
        Write(model, writer);
        using var network = new MemoryStream();
        model.Network.Save(network);
        writer.Write(checked((int)network.Length));
        writer.Write(network.GetBuffer(), 0, (int)network.Length);
    });

    public static ForecastModel Read(Stream stream) => SealedPayload.Read(stream, Kind, Version, reader => Read(reader, rest =>
    {
        using MemoryStream network = rest.ReadBlock("the network");
        return SequenceNetwork.Load(network);
    }));

    /// <summary>Writes all but the network.</summary>
    public static void Write(ForecastModel model, PayloadWriter writer)
    {
        model.Spec.Write(writer);
        model.Scales.Write(writer);
        foreach (float value in model.Outputs.Widening)
            writer.Write(value);
    }

    /// <param name="reader">Stands on what <see cref="Write(ForecastModel, PayloadWriter)"/> wrote.</param>
    /// <param name="readNetwork">Reads the network, which follows.</param>
    public static ForecastModel Read(PayloadReader reader, Func<PayloadReader, SequenceNetwork> readNetwork)
    {
        ForecastSpec spec = ForecastSpec.Read(reader);
        long numbers = 2L * spec.StepSize + 2L * spec.Horizon * spec.Targets + spec.Differences;
        if (numbers > reader.Remaining / sizeof(float))
            throw reader.Invalid($"{Counted.Of(numbers, "number")} of its scales are missing");
        var scales = ForecastScales.Read(reader, spec);
        float[] widening = new float[spec.Labels];
        reader.ReadFinite("a widening of the bounds", widening);
        SequenceNetwork network = readNetwork(reader);
        (HeadKind head, Quantiles quantiles) = ForecastOutputs.HeadOf(spec.Loss, spec.ConfidenceLevel);
        if (NetworkFit.ToForecast(network.Spec, head, quantiles, spec.WindowLabels, spec.FrameSize,
            spec.LinearSteps) is { } misfit)
            throw reader.Invalid($"the network does not fit the forecast: {misfit}");
        return new ForecastModel(spec, scales, widening, network);
    }
}
