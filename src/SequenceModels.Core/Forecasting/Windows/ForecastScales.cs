using SequenceModels.Files;

namespace SequenceModels.Forecasting;

/// <summary>What is learned of the sizes of numbers before a network is trained.</summary>
/// <param name="Steps">Of the targets after their transform [D], then of the covariates.</param>
/// <param name="Labels">
/// [L] what each label is divided by, on the windows' scale: far ahead values change more, and without this the network would
/// learn little else.
/// </param>
/// <param name="Differences">
/// Of targets and past covariates, what the change from a step to the next is divided by, on the windows' scale; empty where
/// changes are not read.
/// </param>
internal sealed record ForecastScales(StandardScale[] Steps, float[] Labels, float[] Differences)
{
    /// <summary>With labels and changes as the windows scale them.</summary>
    public static ForecastScales Of(StandardScale[] steps, ForecastSpec spec)
    {
        float[] labels = new float[spec.Labels], differences = new float[spec.Differences];
        labels.AsSpan().Fill(1);
        differences.AsSpan().Fill(1);
        return new ForecastScales(steps, labels, differences);
    }

    public void Write(PayloadWriter writer)
    {
        foreach (StandardScale scale in Steps)
            scale.Write(writer);
        foreach (float value in Labels)
            writer.Write(value);
        foreach (float value in Differences)
            writer.Write(value);
    }

    public static ForecastScales Read(PayloadReader reader, ForecastSpec spec)
    {
        StandardScale[] steps = StandardScale.ReadAll(reader, spec.StepSize);
        return new ForecastScales(steps, Positive("the scale of a label", spec.Labels),
            Positive("the scale of a change", spec.Differences));

        float[] Positive(string what, int count)
        {
            float[] values = new float[count];
            reader.ReadFinite(what, values);
            return Array.TrueForAll(values, value => value > 0) ? values : throw reader.Invalid($"{what} is not positive");
        }
    }
}
