using SequenceModels.Files;

namespace SequenceModels.Forecasting;

/// <summary>Mean and standard deviation of a number over the training rows.</summary>
/// <param name="Mean">0 where nothing is known.</param>
/// <param name="Deviation">1 where the number never changes, or nothing is known.</param>
internal readonly record struct StandardScale(float Mean, float Deviation)
{
    public static StandardScale Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
            return new StandardScale(0, 1);
        double mean = values.Average(), deviation =
            Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Count);
        // Below float's resolution a deviation is rounding, not signal.
        return new StandardScale((float)mean, deviation > 1e-6 * Math.Abs(mean) && (float)deviation > 0 ? (float)deviation : 1);
    }

    public float Apply(float value) => (value - Mean) / Deviation;

    public void Write(PayloadWriter writer)
    {
        writer.Write(Mean);
        writer.Write(Deviation);
    }

    public static StandardScale[] ReadAll(PayloadReader reader, int count)
    {
        var scales = new StandardScale[count];
        for (int i = 0; i < count; i++)
            scales[i] = new StandardScale(reader.ReadSingle(), reader.ReadSingle());
        return scales.All(scale => float.IsFinite(scale.Mean) && float.IsFinite(scale.Deviation) && scale.Deviation > 0)
            ? scales : throw reader.Invalid("a scale is not positive");
    }
}
