using System.Collections.Concurrent;
using SequenceModels.Forecasting;

namespace SequenceModels;

/// <summary>
/// Forecasts series whose steps arrive one by one. <see cref="Observe"/> adds a step to its series, in a state;
/// <see cref="Predict(ForecastEngineState, string)"/> forecasts the steps after the last one and changes nothing, however often
/// it is called. What was observed is in a <see cref="ForecastEngineState"/>; an engine may be shared between threads.
/// </summary>
/// <typeparam name="TIn">A step: properties for the columns that the model, or the transforms around it, read.</typeparam>
/// <typeparam name="TOut">
/// A forecast: properties of type float[] for the forecast and, where wanted, its bounds, [horizon] or [horizon · targets]; and
/// where wanted for any column of the series' last step, of the type that it has there, or that a transform behind the forecast
/// makes.
/// </typeparam>
/// <remarks>
/// <para>
/// A forecast and all that stands beside it are, to the bit, what <c>Transform</c> gives in the last row of a table of the same
/// steps. Where a column of times is named, steps are observed in its order, and one that is not later than the last of its
/// series is refused. Without one the order in which they come counts.
/// </para>
/// <para>
/// <see cref="Observe"/> and <see cref="Predict(ForecastEngineState, ref TOut, string)"/> take no memory once they have been
/// called a few times, other than what transforms around the forecast take, texts in TOut, and vectors of texts that are kept of
/// the last step, which are copied. Each of several threads at once has prediction engines of its own, which the first call
/// makes.
/// </para>
/// </remarks>
public sealed class ForecastEngine<TIn, TOut> where TIn : class where TOut : class, new()
{
    private readonly ForecastEngineParts<TIn, TOut> _parts;
    private readonly ForecastTransformer _transformer;
    private readonly ConcurrentBag<ForecastEnginePass<TIn, TOut>> _passes = [];

    internal ForecastEngine(ForecastEngineParts<TIn, TOut> parts)
    {
        _parts = parts;
        _transformer = parts.Binding.Pipeline.Forecasting;
        _passes.Add(new(parts)); // whatever does not fit shows now
    }

    /// <summary>A state with the series of the training rows, after their last observation.</summary>
    public ForecastEngineState CreateState() => _transformer.TrainedState.Copy(_parts.Meaning, _parts.Binding.Kept);

    /// <summary>A state without series: whatever is to be forecast must be observed.</summary>
    public ForecastEngineState CreateEmptyState() => new(_transformer.ForecastModel.Spec, _parts.Meaning, _parts.Binding.Kept);

    /// <summary>Reads a state that <see cref="ForecastEngineState.Save"/> wrote, in this process or another.</summary>
    /// <param name="stream">Where to read; stays open behind the state.</param>
    /// <exception cref="InvalidDataException">
    /// The stream holds something else, was cut short or altered, or is a state of a forecast whose columns, window or Transform
    /// are others, or which lacks a column of the last step that this engine's forecasts read.
    /// </exception>
    /// <remarks>
    /// The engine may be of another model than the one whose state was saved, such as one trained anew on later rows: what is
    /// kept are steps as they came. The columns by their roles and sizes, the columns of series and of times, windowSize and
    /// Transform must be the same; horizon, scaling and weights need not be. The state must also have the columns of the last
    /// step that this engine's forecasts read, of the same types; and where they are keys, with the same values in the same
    /// order.
    /// </remarks>
    public ForecastEngineState LoadState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ForecastEngineState.Read(stream, _transformer.ForecastModel.Spec, _transformer.Columns, _parts.Meaning,
            _parts.Binding.Kept);
    }

    /// <summary>Adds a step to its series, which begins with it if it is new. A target that is missing (NaN) is a gap.</summary>
    /// <param name="state">What was observed; moves on.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentException">The state is of another engine, whose steps have other columns.</exception>
    /// <exception cref="InvalidOperationException">
    /// A value is infinite, or not positive where its logarithm is asked for; the step belongs to no series; or, where there is a
    /// column of times, its time is missing, or not after that of the last step. Nothing of it is kept.
    /// </exception>
    public void Observe(ForecastEngineState state, TIn step)
    {
        Check(state);
        ArgumentNullException.ThrowIfNull(step);
        ForecastEnginePass<TIn, TOut> pass = Rent();
        try
        {
            pass.Observe(state, step);
        }
        finally
        {
            _passes.Add(pass);
        }
    }

    /// <summary>Forecasts the steps after the last one that was observed of a series.</summary>
    /// <param name="state">What was observed; stays as it is.</param>
    /// <param name="series">The text of the series' value. Null: the only one.</param>
    /// <returns>The forecast; NaN where the series has not yet as many steps as a window.</returns>
    /// <exception cref="ArgumentException">
    /// There is no such series, or there are several and none is named; or the state is of another engine, whose steps have other
    /// columns.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The model reads covariates that are known ahead; or a number of the last steps, or a weight of the network, is too large
    /// to be worked with.
    /// </exception>
    public TOut Predict(ForecastEngineState state, string? series = null)
    {
        var prediction = new TOut();
        Predict(state, ref prediction, series);
        return prediction;
    }

    /// <summary>As <see cref="Predict(ForecastEngineState, string)"/>, into an object that is there already.</summary>
    /// <param name="state">What was observed; stays as it is.</param>
    /// <param name="prediction">Written over, arrays of the right length included; null: a new one is made.</param>
    /// <param name="series">The text of the series' value. Null: the only one.</param>
    /// <inheritdoc cref="Predict(ForecastEngineState, string)" path="/exception"/>
    public void Predict(ForecastEngineState state, ref TOut prediction, string? series = null)
    {
        Check(state);
        if (_transformer.ForecastModel.NumbersKnownAhead > 0)
            throw new InvalidOperationException("The model reads covariates that are known ahead " +
                $"('{string.Join("', '", _transformer.Columns.Future)}'): " +
                Invariant($"give Predict the next {_transformer.Horizon} steps, of which it reads these."));
        EngineSeries found = series is null ? state.Only() : state.Require(series);
        ForecastEnginePass<TIn, TOut> pass = Rent();
        try
        {
            pass.Predict(found, ref prediction);
        }
        finally
        {
            _passes.Add(pass);
        }
    }

    /// <summary>Forecasts the steps after the last one of a series, of which something is known.</summary>
    /// <param name="state">What was observed; stays as it is.</param>
    /// <param name="future">
    /// The next steps, as many as the horizon or more; they tell the series. Where a column of times is named they may stand in
    /// any order, and the first ones in time count, of which none may be missing; without one they are taken in the order in
    /// which they are given. Nothing else is read of them but the covariates that are known ahead: what is to be forecast may be
    /// anything.
    /// </param>
    /// <returns>The forecast; NaN where the series has not yet as many steps as a window, or a covariate is missing.</returns>
    /// <exception cref="ArgumentException">
    /// There are too few steps, they are of different series, or of one that no step was observed of; or the state is of another
    /// engine, whose steps have other columns.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A covariate is infinite; or, where there is a column of times, one is missing, stands in two steps, or is not after that
    /// of the last step observed; or a number of the steps, or a weight of the network, is too large to be worked with.
    /// </exception>
    public TOut Predict(ForecastEngineState state, IEnumerable<TIn> future)
    {
        var prediction = new TOut();
        Predict(state, future, ref prediction);
        return prediction;
    }

    /// <summary>As <see cref="Predict(ForecastEngineState, IEnumerable{TIn})"/>, into an object that is there already.</summary>
    /// <param name="state">What was observed; stays as it is.</param>
    /// <param name="future">The next steps.</param>
    /// <param name="prediction">Written over, arrays of the right length included; null: a new one is made.</param>
    /// <inheritdoc cref="Predict(ForecastEngineState, IEnumerable{TIn})" path="/exception"/>
    public void Predict(ForecastEngineState state, IEnumerable<TIn> future, ref TOut prediction)
    {
        Check(state);
        ArgumentNullException.ThrowIfNull(future);
        ForecastEnginePass<TIn, TOut> pass = Rent();
        try
        {
            pass.Predict(state, future, ref prediction);
        }
        finally
        {
            _passes.Add(pass);
        }
    }

    private void Check(ForecastEngineState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.Fits(_parts.Meaning, _parts.Binding.Kept))
            throw new ArgumentException("The state is of another engine, whose steps have other columns, or which keeps " +
                "others of the last step. Make it with this engine's CreateState, CreateEmptyState or LoadState.", nameof(state));
    }

    private ForecastEnginePass<TIn, TOut> Rent() => _passes.TryTake(out ForecastEnginePass<TIn, TOut>? pass) ? pass : new(_parts);
}
