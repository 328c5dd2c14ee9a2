using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Sequences;
using SequenceModels.Trainers;

namespace SequenceModels.Forecasting;

/// <summary>
/// The rows of a training: tables of steps, and the windows of them that it learns from and measures itself on.
/// </summary>
/// <param name="columns">That are read.</param>
/// <param name="options">Of the training.</param>
/// <param name="spec">Of the forecast, but for what the rows tell.</param>
/// <param name="initial">The model to go on from, whose scales are kept; null: none that has scales.</param>
/// <param name="throwIfCanceled">Asked now and then.</param>
internal sealed class ForecastRows(ForecastColumns columns, ForecastOptions options, ForecastSpec spec, ForecastModel? initial,
    Action throwIfCanceled)
    : IDisposable
{
    private SeriesTable? _training, _validation;

    /// <summary>Of the forecast; once the training rows are read it says whether there are gaps.</summary>
    public ForecastSpec Spec { get; private set; } = spec;

    /// <summary>Of steps and labels; once the windows are made.</summary>
    public ForecastScales Scales { get; private set; } = null!;

    /// <summary>The windows to learn from.</summary>
    public SequenceDataset Training { get; private set; } = null!;

    /// <summary>The windows to measure on; null: none.</summary>
    public SequenceDataset? Validation { get; private set; }

    private TableContents Contents => new(_training!, columns, Spec);

    /// <summary>Reads the table to learn from.</summary>
    public void ReadTraining(IDataView view, IChannel channel)
    {
        _training = SeriesTable.Read(view, columns, Spec.IsLog, throwIfCanceled);
        Spec = Spec with { MarksGaps = initial?.Spec.MarksGaps ?? ScaleFitter.HasGaps(_training.Series, Spec) };
        Contents.RequireValues();
        if (Spec.IsSeasonal)
            Spec = Spec with { Season = SeasonOf(_training, channel) };
        Spec.RequireSizes();
        Contents.Warn(channel, forTraining: true);
        Contents.WarnOfLimits(channel);
    }

    /// <summary>Reads the table to measure on.</summary>
    /// <param name="validation">A row a step.</param>
    /// <param name="names">Of the training set.</param>
    /// <param name="channel">Told of what cannot be measured.</param>
    /// <exception cref="ArgumentOutOfRangeException">Its columns are others than those of the training set.</exception>
    public void ReadValidation(IDataView validation, KeyFingerprints names, IChannel channel)
    {
        try
        {
            columns.Check(SchemaShapes.Of(validation.Schema));
            columns.RequireSame(validation.Schema, names);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArgumentOutOfRangeException(nameof(validation),
                $"The validation set does not fit the training set. {e.Message}");
        }
        try
        {
            _validation = SeriesTable.Read(validation, columns, Spec.IsLog, throwIfCanceled);
        }
        catch (InvalidOperationException e)
        {
            throw CannotBeMeasured(e);
        }
        new TableContents(_validation, columns, Spec).Warn(channel, forTraining: true);
    }

    /// <summary>Throws if a model to go on from takes the numbers of a step in another way.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public void RequireSameSteps(SequenceModelParameters initial)
    {
        if (initial.Forecast is not { } model)
            return;
        foreach ((string name, object theirs, object ours) in new (string, object, object)[]
        {
            ("the number of targets", model.Spec.Targets, Spec.Targets),
            ("the size of PastColumnNames and CalendarFeatures", model.Spec.Past, Spec.Past),
            ("the size of FutureColumnNames", model.Spec.Future, Spec.Future),
            ("the size of StaticColumnNames", model.Spec.Static, Spec.Static),
            (nameof(Spec.Scaling), model.Spec.Scaling, Spec.Scaling),
            (nameof(Spec.Transform), model.Spec.Transform, Spec.Transform),
            (nameof(ForecastOptions.ForecastFrom), model.Spec.From, Spec.From),
            (nameof(ForecastOptions.SeasonLength), model.Spec.Season, Spec.Season),
            (nameof(ForecastOptions.SeasonalInputs), model.Spec.SeasonalInputs, Spec.SeasonalInputs),
            (nameof(ForecastOptions.DifferenceInputs), model.Spec.DifferenceInputs, Spec.DifferenceInputs),
            (nameof(ForecastOptions.ChannelIndependent), model.Spec.ChannelIndependent, Spec.ChannelIndependent),
            (nameof(ForecastOptions.LinearPath), model.Spec.LinearPath, Spec.LinearPath),
        })
            if (!theirs.Equals(ours))
                throw new ArgumentException($"The initial model takes steps in another way than the options ask for: {name} is " +
                    $"{InvariantText.Of(theirs)} there, and {InvariantText.Of(ours)} here. Training goes on from a model only " +
                    "where both are the same.", nameof(initial));
    }

    /// <summary>Makes the windows of the tables.</summary>
    /// <param name="sharesTraining">Whether those that are measured are the last ones of the training table.</param>
    /// <exception cref="InvalidOperationException">There is no window on a side that needs some.</exception>
    public void Encode(bool sharesTraining)
    {
        var windows = new ForecastWindows(_training!.Series, Spec, sharesTraining ? options.ValidationFraction : 0,
            options.WindowStride);
        RequireWindows(windows, sharesTraining);
        Scales = initial?.Scales ?? Fitted(windows);
        var encoder = new WindowEncoder(Spec, Scales);
        Training = windows.Encode(windows.Training, encoder, options.RowMemory, throwIfCanceled);
        if (windows.Validation.Count > 0)
            Validation = windows.Encode(windows.Validation, encoder, options.RowMemory, throwIfCanceled);
        if (Training.Count == 0 || Validation?.Count == 0)
            throw Contents.NoWindow();
        if (_validation is null)
            return;
        var measured = new ForecastWindows(_validation.Series, Spec, validationFraction: 0);
        Validation = measured.Encode(measured.Training, encoder, options.RowMemory, throwIfCanceled);
        if (Validation.Count == 0)
            throw CannotBeMeasured(new TableContents(_validation, columns, Spec).NoWindow());
    }

    /// <summary>The state of the series after the training rows.</summary>
    public ForecastEngineState LastStepsOf(IDataView view) =>
        LastSteps.StateAfter(view, _training!, columns, Spec, throwIfCanceled);

    public void Dispose()
    {
        Training?.Dispose();
        Validation?.Dispose();
    }

    private ForecastScales Fitted(ForecastWindows windows)
    {
        var scales = ForecastScales.Of(ScaleFitter.Fit(_training!.Series, Spec, windows.Learned), Spec);
        (float[] labels, float[] differences) = windows.Sizes(new WindowEncoder(Spec, scales));
        return scales with { Labels = labels, Differences = differences };
    }

    /// <summary>As it was given, or of the model to go on from, or as the first target of the longest series has it.</summary>
    private int SeasonOf(SeriesTable table, IChannel channel)
    {
        if (options.SeasonLength > 0)
            return options.SeasonLength;
        if (initial is not null)
            return initial.Spec.Season;
        SeriesSteps longest = table.Series.MaxBy(steps => steps.Count)!;
        int season = SeasonDetector.Of([.. Enumerable.Range(0, longest.CountObserved(Spec.Targets))
            .Select(step => longest[step][0])]);
        if (season == 1)
            channel.Warning(MessageSensitivity.None, "No season was found in column '{0}': the last value stands for the value " +
                "of a season ago. Set {1}.{2} where it is known.", columns.Targets[0], nameof(ForecastOptions),
                nameof(ForecastOptions.SeasonLength));
        else
            channel.Info(MessageSensitivity.None, "A season of '{0}' has {1}", columns.Targets[0], Counted.Of(season, "step"));
        return season;
    }

    private void RequireWindows(ForecastWindows windows, bool sharesTraining)
    {
        int training = windows.Training.Count, validation = windows.Validation.Count;
        if (training == 0 && validation == 0)
            throw Contents.NoWindow();
        if (sharesTraining && options.ValidationFraction > 0 && (training == 0 || validation == 0))
            throw new InvalidOperationException(Invariant($"{nameof(ForecastOptions.ValidationFraction)} is ") +
                Invariant($"{options.ValidationFraction}, which leaves ") +
                Invariant($"{Counted.Of(training, "window")} to learn from and {validation} to measure on: neither side may ") +
                "be empty. Give more rows " +
                "or another fraction.");
    }

    private static InvalidOperationException CannotBeMeasured(InvalidOperationException e) =>
        new($"The validation set cannot be measured on. {e.Message}", e);
}
