using SequenceModels.Files;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>
/// How steps become the frames of a window, and the outputs forecasts: all that is chosen, nothing that is learned.
/// </summary>
internal sealed record ForecastSpec
{
    /// <summary>For each label: a forecast and two bounds.</summary>
    private const int OutputsPerLabel = 3;

    /// <summary>W: frames of the past.</summary>
    public required int WindowSize { get; init; }

    /// <summary>H.</summary>
    public required int Horizon { get; init; }

    /// <summary>D.</summary>
    public required int Targets { get; init; }

    /// <summary>Numbers of the covariates that are known until now.</summary>
    public required int Past { get; init; }

    /// <summary>Numbers of the covariates that are known ahead.</summary>
    public required int Future { get; init; }

    /// <summary>Numbers that describe the series.</summary>
    public required int Static { get; init; }

    public required ForecastScaling Scaling { get; init; }

    public required ForecastTransform Transform { get; init; }

    public required bool FromLastValue { get; init; }

    public required ForecastLoss Loss { get; init; }

    public required float ConfidenceLevel { get; init; }

    /// <summary>Whether a frame says which targets are missing: only where some were, in training.</summary>
    public required bool MarksGaps { get; init; }

    /// <summary>Of forecasts and bounds, in the targets' unit.</summary>
    public required ValueLimits Limits { get; init; }

    public bool IsLog => Transform is ForecastTransform.Log or ForecastTransform.LogDifference;

    public bool IsDifference => Transform is ForecastTransform.Difference or ForecastTransform.LogDifference;

    /// <summary>Steps that a window is made of.</summary>
    public int HistorySize => WindowSize + (IsDifference ? 1 : 0);

    /// <summary>N: numbers of a step.</summary>
    public int StepSize => Targets + Covariates;

    public int Covariates => Past + Future + Static;

    /// <summary>
    /// F: targets, past, future and static numbers, a mark for each missing target, and one for steps of the future.
    /// </summary>
    public int FrameSize => StepSize + (MarksGaps ? Targets : 0) + (Future > 0 ? 1 : 0);

    /// <summary>T: the past, and where something is known of it the future.</summary>
    public int Frames => WindowSize + (Future > 0 ? Horizon : 0);

    /// <summary>L = H D: the labels of a window, step after step.</summary>
    public int Labels => Horizon * Targets;

    /// <summary>
    /// What the numbers of a step mean, and how many steps are kept of a series. The horizon and how windows are scaled do not
    /// matter: steps are kept as they came.
    /// </summary>
    public string StepMeaning => Invariant($"{Counted.Of(Targets, "target")}, {Past} past, {Future} future and {Static} ") +
        Invariant($"static numbers, windowSize {WindowSize}, Transform {Transform}");

    /// <summary>
    /// The first number of a step [N] that no step can have: infinite, or not positive where its logarithm is taken. -1: there is
    /// none.
    /// </summary>
    public int FindFault(ReadOnlySpan<float> step)
    {
        for (int i = 0; i < step.Length; i++)
            if (float.IsInfinity(step[i]) || (IsLog && i < Targets && step[i] <= 0))
                return i;
        return -1;
    }

    /// <summary>Throws where a window or its outputs have more numbers than an array can hold.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They have.</exception>
    public void RequireSizes()
    {
        long numbers = 2 * ((long)Targets + Past + Future + Static) + 1;
        WindowLimits.Require(WindowSize, Horizon, (long)Targets + Past + Future + Static, WindowSize + 1L + Horizon, numbers);
        WindowLimits.Require(WindowSize, Horizon, Targets, Horizon, (long)OutputsPerLabel * Targets);
    }

    public void Write(PayloadWriter writer)
    {
        foreach (int value in new[] { WindowSize, Horizon, Targets, Past, Future, Static, (int)Scaling, (int)Transform,
            (int)Loss })
            writer.Write(value);
        writer.Write(FromLastValue);
        writer.Write(MarksGaps);
        writer.Write(ConfidenceLevel);
        Limits.Write(writer);
    }

    public static ForecastSpec Read(PayloadReader reader)
    {
        // Bounded by what must follow for each: a widening, two numbers of a scale. A window costs nothing before there are its
        // steps.
        int mostSteps = reader.Remaining / sizeof(float), mostNumbers = reader.Remaining / (2 * sizeof(float));
        var spec = new ForecastSpec
        {
            WindowSize = reader.ReadInt32("windowSize", 1, Array.MaxLength),
            Horizon = reader.ReadInt32("horizon", 1, mostSteps),
            Targets = reader.ReadInt32("the number of targets", 1, mostNumbers),
            Past = reader.ReadInt32("the number of past covariates", 0, mostNumbers),
            Future = reader.ReadInt32("the number of future covariates", 0, mostNumbers),
            Static = reader.ReadInt32("the number of static covariates", 0, mostNumbers),
            Scaling = reader.ReadEnum<ForecastScaling>("scaling"),
            Transform = reader.ReadEnum<ForecastTransform>("transform"),
            Loss = reader.ReadEnum<ForecastLoss>("loss"),
            FromLastValue = reader.ReadBoolean(),
            MarksGaps = reader.ReadBoolean(),
            ConfidenceLevel = reader.ReadSingle(),
            Limits = ValueLimits.Read(reader),
        };
        if ((spec.WindowSize + 1L + spec.Horizon) * (2L * spec.StepSize + 1) > Array.MaxLength)
            throw reader.Invalid(Invariant($"a window of {spec.WindowSize} steps has more numbers than an array can hold"));
        return spec.ConfidenceLevel is > 0 and < 1 ? spec : throw reader.Invalid("the confidence level is not between 0 and 1");
    }
}
