using SequenceModels.Files;

namespace SequenceModels.Forecasting;

/// <summary>Between which values forecasts and bounds stay.</summary>
/// <param name="Lowest">None is below it. Null: none is too low.</param>
/// <param name="Highest">None is above it. Null: none is too high.</param>
internal sealed record ValueLimits(float? Lowest, float? Highest)
{
    public static ValueLimits None { get; } = new(null, null);

    /// <summary>The value that is allowed and nearest to another; NaN stays NaN.</summary>
    public float Apply(float value) => value < Lowest ? Lowest.Value : value > Highest ? Highest.Value : value;

    public void Write(PayloadWriter writer)
    {
        foreach (float? limit in new[] { Lowest, Highest })
        {
            writer.Write(limit is not null);
            writer.Write(limit ?? 0);
        }
    }

    public static ValueLimits Read(PayloadReader reader)
    {
        float? Limit() => (reader.ReadBoolean(), reader.ReadSingle()) is (true, var limit) ? limit : null;
        var limits = new ValueLimits(Limit(), Limit());
        return float.IsFinite(limits.Lowest ?? 0) && float.IsFinite(limits.Highest ?? 0) && !(limits.Lowest >= limits.Highest)
            ? limits : throw reader.Invalid("its lowest and highest value are no limits");
    }
}
