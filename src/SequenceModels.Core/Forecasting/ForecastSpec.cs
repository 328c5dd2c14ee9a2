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

    public required ForecastFrom From { get; init; }

    /// <summary>m: steps in a season, 1 where there is none. Not read where nothing is seasonal.</summary>
    public required int Season { get; init; }

    /// <summary>Whether a step has the target's value a season before it beside its own, and steps ahead have it alone.</summary>
    public required bool SeasonalInputs { get; init; }

    /// <summary>Whether a step has the changes of targets and past covariates since the step before it.</summary>
    public required bool DifferenceInputs { get; init; }

    /// <summary>Whether each target is a window of its own, of which one network forecasts it.</summary>
    public required bool ChannelIndependent { get; init; }

    /// <summary>Whether outputs are also sums of the window's numbers.</summary>
    public required bool LinearPath { get; init; }

    public required ForecastLoss Loss { get; init; }

    public required float ConfidenceLevel { get; init; }

    /// <summary>Whether a frame says which targets are missing: only where some were, in training.</summary>
    public required bool MarksGaps { get; init; }

    /// <summary>Of forecasts and bounds, in the targets' unit.</summary>
    public required ValueLimits Limits { get; init; }

    public bool IsLog => Transform is ForecastTransform.Log or ForecastTransform.LogDifference
        or ForecastTransform.LogSeasonalDifference;

    public bool IsDifference => Transform is ForecastTransform.Difference or ForecastTransform.LogDifference;

    public bool IsSeasonalDifference => Transform is ForecastTransform.SeasonalDifference
        or ForecastTransform.LogSeasonalDifference;

    /// <summary>Whether the length of a season matters.</summary>
    public bool IsSeasonal => IsSeasonalDifference || SeasonalInputs || From == ForecastFrom.SeasonAgo;

    /// <summary>
    /// How many steps before a step the value stands that its difference is taken to; 0: values are no differences.
    /// </summary>
    public int Lag => IsDifference ? 1 : IsSeasonalDifference ? Season : 0;

    /// <summary>K: steps that a forecast is made from.</summary>
    public int HistorySize => Lag + (SeasonalInputs ? WindowSize + Season
        : From == ForecastFrom.SeasonAgo ? Math.Max(WindowSize, Season - Lag) : WindowSize);

    /// <summary>N: numbers of a step.</summary>
    public int StepSize => Targets + Covariates;

    public int Covariates => Past + Future + Static;

    /// <summary>C: windows that a forecast is made from, one for each target where these are by themselves.</summary>
    public int Channels => ChannelIndependent ? Targets : 1;

    /// <summary>Targets of one window.</summary>
    public int WindowTargets => Targets / Channels;

    /// <summary>
    /// F: targets, past, future and static numbers, the targets a season before, the changes of targets and past numbers, a mark
    /// for each missing target, and one for steps of the future.
    /// </summary>
    public int FrameSize => FirstMark + (MarksGaps ? WindowTargets : 0) + (ReadsAhead ? 1 : 0);

    /// <summary>Where the values of a season before stand in a frame.</summary>
    public int FirstSeasonal => WindowTargets + Covariates;

    /// <summary>Where the changes of targets, and behind them those of past numbers, stand in a frame.</summary>
    public int FirstDifference => FirstSeasonal + (SeasonalInputs ? WindowTargets : 0);

    /// <summary>Numbers of a frame that have their change beside them: its first ones.</summary>
    public int WindowDifferences => DifferenceInputs ? WindowTargets + Past : 0;

    /// <summary>Numbers of a step that have a scale for their change: its first ones.</summary>
    public int Differences => DifferenceInputs ? Targets + Past : 0;

    /// <summary>Where the marks of gaps stand in a frame.</summary>
    public int FirstMark => FirstDifference + WindowDifferences;

    /// <summary>Whether there are frames for the steps ahead.</summary>
    public bool ReadsAhead => Future > 0 || SeasonalInputs;

    /// <summary>T: the past, and where something is known of it the future.</summary>
    public int Frames => WindowSize + (ReadsAhead ? Horizon : 0);

    /// <summary>Frames that a linear path reads; 0: there is none.</summary>
    public int LinearSteps => LinearPath ? Frames : 0;

    /// <summary>L = H D: the labels of a forecast, step after step.</summary>
    public int Labels => Horizon * Targets;

    /// <summary>The labels of one window.</summary>
    public int WindowLabels => Horizon * WindowTargets;

    /// <summary>Which of the L labels a label of a window is.</summary>
    public int LabelOf(int channel, int label) => ChannelIndependent ? label * Targets + channel : label;

    /// <summary>
    /// What the numbers of a step mean, and how many steps are kept of a series. The horizon and how windows are scaled do not
    /// matter: steps are kept as they came.
    /// </summary>
    public string StepMeaning => Invariant($"{Counted.Of(Targets, "target")}, {Past} past, {Future} future and {Static} ") +
        Invariant($"static numbers, windowSize {WindowSize}, Transform {Transform}") +
        (HistorySize == WindowSize + (IsDifference ? 1 : 0) ? "" : Invariant($", {HistorySize} steps back"));

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
        long numbers = 4 * ((long)Targets + Past + Future + Static) + 1;
        WindowLimits.Require(WindowSize, Horizon, (long)Targets + Past + Future + Static, WindowSize + 1L + Horizon, numbers);
        WindowLimits.Require(WindowSize, Horizon, Targets, Horizon, (long)OutputsPerLabel * Targets);
    }

    public void Write(PayloadWriter writer)
    {
        foreach (int value in new[] { WindowSize, Horizon, Targets, Past, Future, Static, (int)Scaling, (int)Transform,
            (int)Loss, (int)From, Season })
            writer.Write(value);
        writer.Write(SeasonalInputs);
        writer.Write(DifferenceInputs);
        writer.Write(ChannelIndependent);
        writer.Write(LinearPath);
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
            From = reader.ReadEnum<ForecastFrom>("what forecasts start from"),
            Season = reader.ReadInt32("the length of a season", 1, Array.MaxLength / 2),
            SeasonalInputs = reader.ReadBoolean(),
            DifferenceInputs = reader.ReadBoolean(),
            ChannelIndependent = reader.ReadBoolean(),
            LinearPath = reader.ReadBoolean(),
            MarksGaps = reader.ReadBoolean(),
            ConfidenceLevel = reader.ReadSingle(),
            Limits = ValueLimits.Read(reader),
        };
        if ((spec.WindowSize + 1L + (spec.IsSeasonal ? 2L * spec.Season : 0) + spec.Horizon) * (4L * spec.StepSize + 1) >
            Array.MaxLength)
            throw reader.Invalid(Invariant($"a window of {spec.WindowSize} steps has more numbers than an array can hold"));
        return spec.ConfidenceLevel is > 0 and < 1 ? spec : throw reader.Invalid("the confidence level is not between 0 and 1");
    }
}
