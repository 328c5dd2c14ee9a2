namespace SequenceModels;

/// <summary>A forecast of the next steps of a series, with bounds.</summary>
/// <param name="Values">
/// [horizon] in the target's unit; of several targets [horizon, targets], step after step. NaN where the series has not yet as
/// many steps as a window, a target has no value in the whole window, or something is missing that is to be known ahead.
/// </param>
/// <param name="LowerBounds">The same of the lower bounds.</param>
/// <param name="UpperBounds">The same of the upper bounds.</param>
public sealed record SeriesForecast(IReadOnlyList<float> Values, IReadOnlyList<float> LowerBounds,
    IReadOnlyList<float> UpperBounds)
{
    /// <summary>The values, in the invariant culture.</summary>
    public override string ToString() => string.Join(", ", Values.Zip(LowerBounds, UpperBounds)
        .Select(step => Invariant($"{step.First} ({step.Second} to {step.Third})")));
}
