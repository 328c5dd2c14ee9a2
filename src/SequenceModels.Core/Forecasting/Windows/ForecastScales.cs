using SequenceModels.Files;

namespace SequenceModels.Forecasting;

/// <summary>What is learned of the sizes of numbers before a network is trained.</summary>
/// <param name="Steps">Of the targets after their transform [D], then of the covariates.</param>
/// <param name="Labels">
/// [L] what each label is divided by, on the windows' scale: far ahead values change more, and without this the network would
/// learn little else.
/// </param>
internal sealed record ForecastScales(StandardScale[] Steps, float[] Labels)
{
    /// <summary>With labels as the windows scale them.</summary>
    public static ForecastScales Of(StandardScale[] steps, ForecastSpec spec)
    {
        float[] labels = new float[spec.Labels];
        labels.AsSpan().Fill(1);
        return new ForecastScales(steps, labels);
    }

    public void Write(PayloadWriter writer)
    {
        foreach (StandardScale scale in Steps)
            scale.Write(writer);
        foreach (float value in Labels)
            writer.Write(value);
    }

    public static ForecastScales Read(PayloadReader reader, ForecastSpec spec)
    {
        StandardScale[] steps = StandardScale.ReadAll(reader, spec.StepSize);
        float[] labels = new float[spec.Labels];
        reader.ReadFinite("the scale of a label", labels);
        return Array.TrueForAll(labels, value => value > 0) ? new ForecastScales(steps, labels)
            : throw reader.Invalid("the scale of a label is not positive");
    }
}
