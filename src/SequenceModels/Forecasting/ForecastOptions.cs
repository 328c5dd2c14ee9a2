using System.Globalization;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// The shape of a network that forecasts, how it is trained, and which columns it reads. Immutable; change a copy with
/// <c>with</c>.
/// </summary>
/// <remarks>
/// <see cref="TrainingOptions.ValidationFraction"/> takes the last windows of each series, none of whose values to be forecast
/// are among those that training learns from; the bounds are then also widened or narrowed, for each step of the horizon, to hold
/// the asked share of these windows (Romano et al., "Conformalized Quantile Regression", NeurIPS 2019), if there are 50 or more
/// of them.
/// </remarks>
public sealed record ForecastOptions : TrainingOptions
{
    /// <summary>Options with their defaults: those of every training, but for <c>HiddenSize</c>, which is 32.</summary>
    public ForecastOptions() => HiddenSize = 32;

    /// <inheritdoc cref="LabeledSequenceOptions.Bidirectional"/>
    public bool Bidirectional { get; init; }

    /// <inheritdoc cref="SequenceTrainerOptions.Pooling"/>
    public SequencePooling Pooling { get; init; } = SequencePooling.Last;

    /// <summary>
    /// The column whose values put the rows of a series in order, such as a date; two rows of a series must not have the same,
    /// and none may be missing. Rows are steps however far apart they are. Default null: the rows are in order.
    /// </summary>
    public string? TimeColumnName { get; init; }

    /// <summary>
    /// The column that tells which series a row belongs to: a key, a text or a number. One network learns from all series and
    /// forecasts each of them; also those it has never seen, unless the column is of keys: a new value has none. Default null:
    /// all rows are of one series.
    /// </summary>
    public string? SeriesColumnName { get; init; }

    /// <summary>
    /// Columns (Single, or vectors of Single) that help to forecast and are known until the present step only, such as the
    /// weather. A missing value is taken from the step before. Default none.
    /// </summary>
    public IReadOnlyList<string> PastColumnNames { get; init; } = [];

    /// <summary>
    /// Columns (Single, or vectors of Single) that are known for the steps to be forecast as well, such as calendar and price:
    /// the table must have rows for these steps, with the target missing. Where a row or a value is missing there is no forecast.
    /// Default none.
    /// </summary>
    public IReadOnlyList<string> FutureColumnNames { get; init; } = [];

    /// <summary>Columns (Single, or vectors of Single) that describe a series and do not change in it. Default none.</summary>
    public IReadOnlyList<string> StaticColumnNames { get; init; } = [];

    /// <summary>
    /// How values are brought to one scale. Default <see cref="ForecastScaling.Standard"/>: each window by itself.
    /// </summary>
    public ForecastScaling Scaling { get; init; } = ForecastScaling.Standard;

    /// <summary>What is done to the target's values before that. Default nothing.</summary>
    public ForecastTransform Transform { get; init; } = ForecastTransform.None;

    /// <summary>
    /// What the network gives the change from. <see cref="ForecastTransform.Difference"/> takes it from the last value and
    /// <see cref="ForecastTransform.SeasonalDifference"/> from the value a season ago anyway. Default
    /// <see cref="ForecastFrom.Nothing"/>.
    /// </summary>
    public ForecastFrom ForecastFrom { get; init; } = ForecastFrom.Nothing;

    /// <summary>
    /// Steps in a season, such as 24 of hourly values, or 0: found in the training rows, as the distance at which the first
    /// target of the longest series repeats itself, 400 at most. Read only where something is seasonal:
    /// <see cref="ForecastFrom"/>, <see cref="Transform"/> or <see cref="SeasonalInputs"/>. A window is then made from up to so
    /// many steps more, and of seasonal differences with seasonal inputs twice as many. Default 0.
    /// </summary>
    public int SeasonLength { get; init; }

    /// <summary>
    /// Whether the network also reads, beside each value and for each step ahead, the value a season before it: for seasons that
    /// are longer than a window. Default no.
    /// </summary>
    public bool SeasonalInputs { get; init; }

    /// <summary>
    /// Whether the network also reads, beside each target and each past covariate, its change since the step before, on a scale
    /// of its own: for what depends on changes, such as of the wind, that are small beside the values. The first step of a window
    /// has no change. Default no.
    /// </summary>
    /// <remarks>
    /// Deltas, as those of spectra in speech: Furui, "Speaker-Independent Isolated Word Recognition Using Dynamic Features of
    /// Speech Spectrum", IEEE Transactions on Acoustics, Speech, and Signal Processing 34(1), 1986.
    /// </remarks>
    public bool DifferenceInputs { get; init; }

    /// <summary>
    /// Whether each forecast is also a weighted sum of all numbers of the window, learned together with the network: what
    /// repeats itself in a simple way needs no recurrent layer then. The weights begin at 0. Default yes.
    /// </summary>
    /// <remarks>
    /// The autoregressive part of Lai et al., "Modeling Long- and Short-Term Temporal Patterns with Deep Neural Networks", SIGIR
    /// 2018; Zeng et al., "Are Transformers Effective for Time Series Forecasting?", AAAI 2023.
    /// </remarks>
    public bool LinearPath { get; init; } = true;

    /// <summary>
    /// Of several targets, whether each is forecast from its own past, all by one network, as if they were series of their own;
    /// else one window has them all, and each is forecast from all. No effect on one target. Default yes: one network that learns
    /// from all targets, and reads little, is mostly the better one.
    /// </summary>
    /// <remarks>
    /// Nie et al., "A Time Series is Worth 64 Words: Long-term Forecasting with Transformers", ICLR 2023: channel-independence.
    /// </remarks>
    public bool ChannelIndependent { get; init; } = true;

    /// <summary>
    /// What the network reads of the column of times, which must be of dates: covariates of the steps until now, which tell the
    /// calendar of the steps ahead where all are equally far apart. Default none.
    /// </summary>
    public CalendarFeatures CalendarFeatures { get; init; } = CalendarFeatures.None;

    /// <summary>
    /// How many steps apart the windows are that training learns from, counted from the last one of a series; at least 1. Of many
    /// steps, neighbouring windows teach much the same. Default 1: every window.
    /// </summary>
    public int WindowStride { get; init; } = 1;

    /// <summary>
    /// Windows that an epoch learns from at most, drawn anew for each, or 0: all. Default 0.
    /// </summary>
    public int WindowsPerEpoch { get; init; }

    /// <summary>What the forecast is: a median or a mean. Default <see cref="ForecastLoss.Quantile"/>.</summary>
    public ForecastLoss Loss { get; init; } = ForecastLoss.Quantile;

    /// <summary>The share of future values that should lie between the bounds; above 0 and below 1. Default 0.95.</summary>
    public float ConfidenceLevel { get; init; } = 0.95f;

    /// <summary>
    /// The smallest value that the targets can have, such as 0 for counts and amounts, in their unit: a forecast or a bound below
    /// it becomes it. The network learns the same without it. Of several targets it holds for all. Default null: there is none.
    /// </summary>
    public float? LowestValue { get; init; }

    /// <summary>
    /// The largest value that the targets can have, such as 1 for shares, in their unit: a forecast or a bound above it becomes
    /// it. The network learns the same without it. Of several targets it holds for all. Default null: there is none.
    /// </summary>
    public float? HighestValue { get; init; }

    /// <summary>The column of lower bounds. Default null: the name of the forecast's column and "LowerBound".</summary>
    public string? ConfidenceLowerBoundColumn { get; init; }

    /// <summary>The column of upper bounds. Default null: the name of the forecast's column and "UpperBound".</summary>
    public string? ConfidenceUpperBoundColumn { get; init; }

    internal override TaskOptions TaskOptions => base.TaskOptions with { WindowsPerEpoch = WindowsPerEpoch };

    /// <summary>Throws if any value is out of its range, naming the option, the value and the range.</summary>
    internal override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, "Last, Mean, Max, Attention or MaxMeanLast");
        Require(Enum.IsDefined(Scaling), nameof(Scaling), Scaling, "Standard, Mean or None");
        Require(Enum.IsDefined(Transform), nameof(Transform), Transform,
            "None, Log, Difference, LogDifference, SeasonalDifference or LogSeasonalDifference");
        Require(Enum.IsDefined(ForecastFrom), nameof(ForecastFrom), ForecastFrom, "Nothing, LastValue or SeasonAgo");
        Require(SeasonLength is >= 0 and <= 1_000_000, nameof(SeasonLength), SeasonLength,
            "between 1 and 1000000, or 0 (found in the rows)");
        Require((int)CalendarFeatures is >= 0 and < 2 * (int)CalendarFeatures.DayOfYear, nameof(CalendarFeatures),
            CalendarFeatures, "None, or some of HourOfDay, DayOfWeek, DayOfMonth, MonthOfYear and DayOfYear");
        Require(CalendarFeatures == CalendarFeatures.None || TimeColumnName is not null, nameof(CalendarFeatures),
            CalendarFeatures, $"None where there is no {nameof(TimeColumnName)}");
        Require(WindowStride >= 1, nameof(WindowStride), WindowStride, "at least 1");
        Require(WindowsPerEpoch >= 0, nameof(WindowsPerEpoch), WindowsPerEpoch, "at least 1, or 0 (all)");
        Require(Enum.IsDefined(Loss), nameof(Loss), Loss, "Quantile, SquaredError or AbsoluteError");
        Require(ConfidenceLevel is > 0 and < 1, nameof(ConfidenceLevel), ConfidenceLevel, "above 0 and below 1");
        Require(float.IsFinite(LowestValue ?? 0), nameof(LowestValue), LowestValue, "a finite number, or null");
        Require(float.IsFinite(HighestValue ?? 0), nameof(HighestValue), HighestValue, "a finite number, or null");
        Require(!(LowestValue >= HighestValue), nameof(HighestValue), HighestValue, string.Create(CultureInfo.InvariantCulture,
            $"above {nameof(LowestValue)}, which is {LowestValue}"));
        Require(TimeColumnName is not "", nameof(TimeColumnName), TimeColumnName, "a column, or null");
        Require(SeriesColumnName is not "", nameof(SeriesColumnName), SeriesColumnName, "a column, or null");
        Require(ConfidenceLowerBoundColumn is not "", nameof(ConfidenceLowerBoundColumn), ConfidenceLowerBoundColumn,
            "a column's name, or null");
        Require(ConfidenceUpperBoundColumn is not "", nameof(ConfidenceUpperBoundColumn), ConfidenceUpperBoundColumn,
            "a column's name, or null");
        RequireNames(PastColumnNames, nameof(PastColumnNames));
        RequireNames(FutureColumnNames, nameof(FutureColumnNames));
        RequireNames(StaticColumnNames, nameof(StaticColumnNames));
    }

    private void RequireNames(IReadOnlyList<string> names, string option) =>
        Require(names is not null && !names.Any(string.IsNullOrEmpty), option, names, "a list of columns, none without a name");
}
