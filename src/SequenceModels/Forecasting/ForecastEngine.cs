using System.Globalization;
using SequenceModels.Files;
using SequenceModels.Forecasting;

namespace SequenceModels;

/// <summary>
/// Forecasts series whose steps arrive one by one. <see cref="Observe"/> adds a step to its series; <see cref="Predict(string)"/> forecasts
/// the steps after the last one and changes nothing, however often it is called.
/// </summary>
/// <typeparam name="TIn">A step: properties for the columns that the model, or the transforms around it, read.</typeparam>
/// <typeparam name="TOut">
/// A forecast: properties of type float[] for the forecast and, where wanted, its bounds, [horizon] or [horizon · targets]; and where wanted
/// for any column of the series' last step, of the type that it has there, or that a transform behind the forecast makes.
/// </typeparam>
/// <remarks>
/// <para>
/// Begins with the series of the training rows, after their last observation. A forecast and all that stands beside it are, to the bit, what
/// <c>Transform</c> gives in the last row of a table of the same steps. Where a column of times is named, steps are observed in its order, and
/// one that is not later than the last of its series is refused. Without one the order in which they come counts.
/// </para>
/// <para>
/// For one thread at a time; copies are independent of each other. <see cref="Observe"/> and <see cref="Predict(ref TOut, string)"/> take no
/// memory once they have been called a few times, other than what transforms around the forecast take, texts in TOut, and vectors of texts that
/// are kept of the last step, which are copied.
/// </para>
/// </remarks>
public sealed class ForecastEngine<TIn, TOut> where TIn : class where TOut : class, new()
{
    private const string StateKind = "SEQFSTAT";
    private const int StateVersion = 1;

    private readonly ForecastEngineParts<TIn, TOut> _parts;
    private readonly ForecastTransformer _transformer;
    private readonly ForecastState _state;
    private readonly WindowForecast _forecast;
    private readonly FutureSteps _future;

    /// <summary>Made when they are first needed: a copy may be thrown away after one forecast.</summary>
    private ForecastSteps<TIn>? _steps;
    private ForecastAnswers<TOut>? _answers;

    internal ForecastEngine(ForecastEngineParts<TIn, TOut> parts, ForecastState? state = null)
    {
        _parts = parts;
        _transformer = parts.Binding.Pipeline.Forecasting;
        _state = (state ?? _transformer.TrainedState).Copy(parts.Binding.Kept);
        ForecastModel model = _transformer.Forecast;
        _forecast = new WindowForecast(model);
        _future = new FutureSteps(_transformer.Columns, model.Shape.Horizon, model.Shape.StepSize);
        if (state is null)
            (_steps, _answers) = (parts.CreateSteps(), parts.CreateAnswers(_forecast)); // whatever does not fit shows now
    }

    /// <summary>The series that have steps, by the text of their values; "" where rows have no column of series.</summary>
    public IReadOnlyCollection<string> Series => _state.Series;

    private ForecastSteps<TIn> Steps => _steps ??= _parts.CreateSteps();

    private ForecastAnswers<TOut> Answers => _answers ??= _parts.CreateAnswers(_forecast);

    /// <summary>Adds a step to its series, which begins with it if it is new. A target that is missing (NaN) is a gap.</summary>
    /// <param name="step">The step.</param>
    /// <exception cref="InvalidOperationException">
    /// A value is infinite, or not positive where its logarithm is asked for; the step belongs to no series; or, where there is a column of times,
    /// its time is missing, or not after that of the last step. Nothing of it is kept.
    /// </exception>
    public void Observe(TIn step)
    {
        ArgumentNullException.ThrowIfNull(step);
        StepCapture taken = Steps.Take(step, place: null, isAhead: false);
        SeriesState? series = _state.Find(taken.Series.Span);
        if (series is not null)
            taken.RequireAfter(series);
        _state.Add(series, taken.Series.Span, taken.Numbers, taken.Values);
    }

    /// <summary>Forecasts the steps after the last one that was observed of a series.</summary>
    /// <param name="series">The text of the series' value. Null: the only one.</param>
    /// <returns>The forecast; NaN where the series has not yet as many steps as a window.</returns>
    /// <exception cref="ArgumentException">There is no such series, or there are several and none is named.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model reads covariates that are known ahead; or a number of the last steps, or a weight of the network, is too large to be worked with.
    /// </exception>
    public TOut Predict(string? series = null)
    {
        var prediction = new TOut();
        Predict(ref prediction, series);
        return prediction;
    }

    /// <summary>As <see cref="Predict(string)"/>, into an object that is there already.</summary>
    /// <param name="prediction">Written over, arrays of the right length included; null: a new one is made.</param>
    /// <param name="series">The text of the series' value. Null: the only one.</param>
    /// <exception cref="ArgumentException">There is no such series, or there are several and none is named.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model reads covariates that are known ahead; or a number of the last steps, or a weight of the network, is too large to be worked with.
    /// </exception>
    public void Predict(ref TOut prediction, string? series = null)
    {
        if (_transformer.Forecast.Shape.Future > 0)
            throw new InvalidOperationException($"The model reads covariates that are known ahead ('{string.Join("', '", _transformer.Columns.Future)}'): " +
                string.Create(CultureInfo.InvariantCulture, $"give Predict the next {_transformer.Horizon} steps, of which it reads these."));
        Fill(series is null ? _state.Only() : _state.Require(series), [], ref prediction);
    }

    /// <summary>Forecasts the steps after the last one of a series, of which something is known.</summary>
    /// <param name="future">
    /// The next steps, as many as the horizon or more; they tell the series. Where a column of times is named they may stand in any order, and
    /// the first ones in time count, of which none may be missing; without one they are taken in the order in which they are given. Nothing else
    /// is read of them but the covariates that are known ahead: what is to be forecast may be anything.
    /// </param>
    /// <returns>The forecast; NaN where the series has not yet as many steps as a window, or a covariate is missing.</returns>
    /// <exception cref="ArgumentException">There are too few steps, they are of different series, or of one that no step was observed of.</exception>
    /// <exception cref="InvalidOperationException">
    /// A covariate is infinite; or, where there is a column of times, one is missing, stands in two steps, or is not after that of the last
    /// step observed; or a number of the steps, or a weight of the network, is too large to be worked with.
    /// </exception>
    public TOut Predict(IEnumerable<TIn> future)
    {
        var prediction = new TOut();
        Predict(future, ref prediction);
        return prediction;
    }

    /// <summary>As <see cref="Predict(IEnumerable{TIn})"/>, into an object that is there already.</summary>
    /// <param name="future">The next steps.</param>
    /// <param name="prediction">Written over, arrays of the right length included; null: a new one is made.</param>
    /// <exception cref="ArgumentException">There are too few steps, they are of different series, or of one that no step was observed of.</exception>
    /// <exception cref="InvalidOperationException">
    /// A covariate is infinite; or, where there is a column of times, one is missing, stands in two steps, or is not after that of the last
    /// step observed; or a number of the steps, or a weight of the network, is too large to be worked with.
    /// </exception>
    public void Predict(IEnumerable<TIn> future, ref TOut prediction)
    {
        ArgumentNullException.ThrowIfNull(future);
        _future.Begin();
        if (future is IReadOnlyList<TIn> list) // an enumerator would take memory
            for (int i = 0; i < list.Count; i++)
                _future.Add(Steps.Take(list[i], i, isAhead: true), _state);
        else
            foreach (TIn step in future)
                _future.Add(Steps.Take(step, _future.Count, isAhead: true), _state);
        ReadOnlySpan<float> ahead = _future.Ordered();
        Fill(_future.Series, ahead, ref prediction);
    }

    /// <summary>An engine with the same state, which then goes its own way.</summary>
    public ForecastEngine<TIn, TOut> Copy() => new(_parts, _state);

    /// <summary>Forgets all steps, those of the training rows included.</summary>
    public void Clear() => _state.Clear();

    /// <summary>Writes the state: the last steps of each series, and what they are. The stream stays open.</summary>
    /// <param name="stream">Where to write.</param>
    public void SaveState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedPayload.Write(stream, StateKind, StateVersion, writer =>
        {
            _parts.Meaning.Write(writer);
            _state.Write(writer);
        });
    }

    /// <summary>Goes on from a state that <see cref="SaveState"/> wrote.</summary>
    /// <param name="stream">Where to read.</param>
    /// <exception cref="InvalidDataException">
    /// The stream holds something else, or the state of a forecast whose columns, window or Transform are others, or which lacks a column of the
    /// last step that this engine's forecasts read; the state is as it was.
    /// </exception>
    /// <remarks>
    /// The engine may be of another model than the one that saved it, such as one trained anew on later rows: what is kept are steps as they
    /// came. The columns by their roles and sizes, the columns of series and of times, windowSize and Transform must be the same; horizon,
    /// scaling and weights need not be. The state must also have the columns of the last step that this engine's forecasts read, of the same
    /// types; and where they are keys, with the same values in the same order.
    /// </remarks>
    public void LoadState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _state.Replace(SealedPayload.Read(stream, StateKind, StateVersion, reader =>
        {
            _parts.Meaning.Require(reader);
            var loaded = ForecastState.Read(reader, _transformer.Forecast.Shape);
            foreach (KeptColumn column in _state.Columns)
            {
                KeptColumn? other = Array.Find(loaded.Columns, each => each.Name == column.Name);
                if ((other is null ? "it is not there" : column.DifferenceTo(other)) is { } difference)
                    throw new InvalidDataException($"This engine's forecasts need column '{column.Name}' ({column.Type}) of the last steps: {difference} in the " +
                        "state. Load it into an engine with the same types of steps and forecasts as that which saved it, and with the same fitted transforms.");
            }
            return loaded;
        }));
    }

    private void Fill(SeriesState series, ReadOnlySpan<float> ahead, ref TOut prediction)
    {
        _forecast.Make(series, ahead);
        Answers.Fill(series.Last, ref prediction);
    }
}
