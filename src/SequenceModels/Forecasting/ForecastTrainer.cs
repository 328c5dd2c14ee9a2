using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Forecasting;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Trainers;

namespace SequenceModels;

/// <summary>
/// Trains a recurrent network to forecast time series, all steps of the horizon at once. Made by ForecastByRnn, ForecastByLstm
/// and ForecastByGru of the catalog <c>Forecasting</c>.
/// </summary>
/// <remarks>
/// <para>
/// A row is a step of a series. The network reads windows of <c>windowSize</c> steps, each window on a scale of its own, and
/// gives for each of the next <c>horizon</c> steps a forecast and two bounds.
/// </para>
/// <para>
/// A missing value of a target (NaN) before the last observation of its series is a gap: in a window it has the last value known
/// in the window (before any is known, the first to come in it), and where the training rows have gaps the network is told which
/// values are such; among the values to be forecast it does not count. A missing value after the last observation is the future:
/// nothing is learned from these rows, but their covariates that are known ahead are read. A window without any value of a target
/// is left out.
/// </para>
/// <para>
/// The model keeps the last steps of each series, as many as a window has, and of the last observed one every column of the rows
/// but images and types of users: a <see cref="ForecastEngine{TIn, TOut}"/> goes on from there. Leave out (DropColumns) what the
/// model must not hold.
/// </para>
/// </remarks>
public sealed class ForecastTrainer : IEstimator<ForecastTransformer>
{
    private readonly IHost _host;
    private readonly string _cell;
    private readonly ForecastColumns _columns;
    private readonly int _windowSize, _horizon;
    private readonly ForecastOptions _options;

    internal ForecastTrainer(IHostEnvironment environment, string cell, string outputColumnName, string[] inputColumnNames,
        int windowSize, int horizon, ForecastOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        if (inputColumnNames.Length == 0 || inputColumnNames.Any(string.IsNullOrEmpty))
            throw new ArgumentException("Name at least one column to forecast, and each column that is named.",
                nameof(inputColumnNames));
        if (windowSize < 1)
            throw new ArgumentOutOfRangeException(nameof(windowSize), InvariantText.Of(windowSize),
                "windowSize must be at least 1.");
        if (horizon < 1)
            throw new ArgumentOutOfRangeException(nameof(horizon), InvariantText.Of(horizon), "horizon must be at least 1.");
        _host = environment.Register(cell + "Forecasting");
        (_windowSize, _horizon) = (windowSize, horizon);
        _options = options ?? new ForecastOptions();
        _options.Validate();
        _cell = _options.CellOf(cell);
        _columns = new ForecastColumns
        {
            Output = outputColumnName,
            LowerBound = _options.ConfidenceLowerBoundColumn ?? outputColumnName + "LowerBound",
            UpperBound = _options.ConfidenceUpperBoundColumn ?? outputColumnName + "UpperBound",
            Targets = [.. inputColumnNames],
            Past = [.. _options.PastColumnNames],
            Future = [.. _options.FutureColumnNames],
            Static = [.. _options.StaticColumnNames],
            Time = _options.TimeColumnName,
            Series = _options.SeriesColumnName,
            Calendar = _options.CalendarFeatures,
        };
        string[] outputs = [_columns.Output, _columns.LowerBound, _columns.UpperBound];
        string[] read = [.. _columns.Targets, .. _columns.Covariates,
            .. new[] { _columns.Time, _columns.Series }.OfType<string>()];
        if (outputs.Intersect(read).FirstOrDefault() is { } name)
            throw new ArgumentException($"Column '{name}' is both read and made: give the forecast and its bounds names of " +
                "their own.", nameof(outputColumnName));
        if (outputs.Distinct().Count() < outputs.Length)
            throw new ArgumentException("Forecast, lower and upper bound need three names; they are " +
                $"'{string.Join("', '", outputs)}'.", nameof(options));
        if (_columns.Targets.Concat(_columns.Covariates).GroupBy(name => name)
            .FirstOrDefault(names => names.Count() > 1) is { } twice)
            throw new ArgumentException($"Column '{twice.Key}' is named twice. A column is forecast, or known until now, or " +
                "known ahead, or constant; the past of what is forecast is read anyway.", nameof(options));
    }

    internal ForecastColumns Columns => _columns;

    internal int Horizon => _horizon;

    internal string? CheckpointPath => _options.CheckpointPath;

    internal float ConfidenceLevel => _options.ConfidenceLevel;

    internal ValueLimits Limits => new(_options.LowestValue, _options.HighestValue);

    /// <summary>Trains a network.</summary>
    /// <param name="input">A row a step.</param>
    /// <inheritdoc cref="Fit(IDataView, IDataView, SequenceModelParameters)" path="/exception"/>
    public ForecastTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, validation: null);
    }

    /// <summary>
    /// Trains a network, measures it after each epoch on rows that it does not learn from, and may go on from a trained one.
    /// </summary>
    /// <param name="train">
    /// A row a step. The rows are read once; and once more, up to the last observed one of each series, for the columns that
    /// stand beside it.
    /// </param>
    /// <param name="validation">
    /// The rows to measure on and to calibrate the bounds by, with the columns that <paramref name="train"/> has, prepared by the
    /// same fitted transforms: all windows of its series, which have no steps of <paramref name="train"/> before them. The option
    /// ValidationFraction then has no effect. Null: none but those that this option sets aside.
    /// </param>
    /// <param name="initial">
    /// A trained model to go on from, in place of random weights: of the same shape and the same treatment of steps. Its scales
    /// of covariates, and without scaling of windows those of the targets, are kept; a model read from a checkpoint has none, and
    /// they are fitted anew. Null: none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">The initial model has another shape, or treats steps in another way.</exception>
    /// <exception cref="InvalidOperationException">
    /// No series is as long as a window and the horizon; a column has no value in any row; a value is infinite, or not positive
    /// where its logarithm is asked for; a row has no time or no series, or two of a series have the same time; the time column
    /// is text or keys, and spells numbers or dates in another order. Or training stops early by the options, but has no
    /// validation rows; or it diverged; or the checkpoint is of another training, or in use.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, and there is nothing to keep or it should not be kept.
    /// </exception>
    public ForecastTransformer Fit(IDataView train, IDataView? validation, SequenceModelParameters? initial = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        _columns.Check(SchemaShapes.Of(train.Schema));
        using var run = new TrainerRun(_host, _options, initial);
        run.RequireRowsToStopBy(validation);
        ForecastColumns columns = _columns with { Widths = _columns.WidthsIn(train.Schema) };
        KeyFingerprints names = columns.FingerprintsIn(train.Schema);
        ForecastSpec spec = ForecastShape.Of(columns, _windowSize, _horizon, _options);
        using var rows = new ForecastRows(columns, _options, spec, initial?.Forecast, run.ThrowIfCanceled);
        rows.ReadTraining(train, run.Channel);
        EncoderNetworkSpec network = ForecastShape.NetworkOf(rows.Spec, _cell, _options);
        if (initial is not null)
        {
            InitialModel.RequireShape(initial, network);
            names.RequireSame(initial.Names, columns.Numbers(train.Schema), label: null);
            rows.RequireSameSteps(initial);
        }
        if (validation is not null)
            rows.ReadValidation(validation, names, run.Channel);
        rows.Encode(sharesTraining: validation is null);
        ForecastEngineState state = rows.LastStepsOf(train);
        string subject = $"{_cell}, Forecast of '{string.Join("', '", _columns.Targets)}'";
        return run.Train(run.CreateJob(network, rows.Training, rows.Validation, subject), (home, result) =>
        {
            float[] widening = rows.Validation is null ? new float[rows.Spec.Labels]
                : IntervalCalibration.Widening(result.Network, rows.Validation, rows.Spec, _options.NumberOfThreads);
            Lazy<NetworkInsight>? insight = NetworkInsight.OnDemand(result, new InsightNames(), _options.NumberOfThreads);
            return new ForecastTransformer(home, columns, new ForecastModel(rows.Spec, rows.Scales, widening, result.Network),
                new SequenceModelParameters(result.Network, result.History, insight, names), state);
        }, transformer => transformer.ToBytes());
    }

    /// <summary>The columns that the fitted transformer gives.</summary>
    /// <param name="inputSchema">Shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _columns.Check(inputSchema);
        return inputSchema.With(_columns.Outputs(_horizon));
    }
}
