namespace SequenceModels.Sequences;

/// <summary>How large windows cut out of series may be.</summary>
internal static class WindowLimits
{
    /// <summary>Throws if windows are of more numbers than an array can hold.</summary>
    /// <param name="windowSize">As it was given.</param>
    /// <param name="horizon">As it was given.</param>
    /// <param name="stepSize">Numbers of a step.</param>
    /// <param name="rows">Of the longest array.</param>
    /// <param name="columns">Of the longest array.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are.</exception>
    public static void Require(int windowSize, int horizon, long stepSize, long rows, long columns)
    {
        if (columns > 0 && rows > Array.MaxLength / columns)
            throw new ArgumentOutOfRangeException(nameof(windowSize),
                Invariant($"windowSize {windowSize} and horizon {horizon}, with ") +
                $"{Counted.Of(stepSize, "number")} a step, make a window of more numbers than an array can hold. Use a " +
                "smaller windowSize or " +
                "horizon, or fewer columns.");
    }
}
