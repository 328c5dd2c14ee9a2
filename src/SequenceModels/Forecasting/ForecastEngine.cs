using Microsoft.ML;
using SequenceModels.Forecasting;

namespace SequenceModels;

/// <summary>
/// Forecasts series whose steps arrive one by one. <see cref="Observe"/> adds a step to its series; <see cref="Predict(string)"/> forecasts
/// the steps after the last one and changes nothing, however often it is called.
/// </summary>
/// <typeparam name="TIn">A step: properties for the columns that the model, or the transforms before it, read.</typeparam>
/// <typeparam name="TOut">
/// A forecast: properties of type float[] for the forecast and, where wanted, its bounds, [horizon] or [horizon · targets]; and where wanted
/// a text for the series.
/// </typeparam>
/// <remarks>
/// Begins with the series of the training rows, after their last observation. Steps are observed in their order; the time column is not
/// read. A forecast is, to the bit, that of <c>Transform</c> for a table of the same steps. For one thread at a time; copies are
/// independent of each other.
/// </remarks>
public sealed class ForecastEngine<TIn, TOut> where TIn : class where TOut : class, new()
{
    private const string StateKind = "SEQFSTAT";
    private const int StateVersion = 1;

    private readonly MLContext _ml;
    private readonly ForecastSteps<TIn> _steps;
    private readonly SequenceForecastingTransformer _transformer;
    private readonly IReadOnlyList<ITransformer> _after;
    private readonly WindowEncoder _encoder;
    private readonly Workspace _workspace;
    private readonly ForecastState _state;

    internal ForecastEngine(MLContext ml, ForecastPipeline pipeline)
    {
        (_ml, _transformer, _after) = (ml, pipeline.Forecasting, pipeline.After);
        _steps = new ForecastSteps<TIn>(ml, pipeline.Before, _transformer.Columns);
        _encoder = _transformer.Forecast.CreateEncoder();
        _workspace = _transformer.Forecast.Network.CreateWorkspace();
        _state = _transformer.CopyTrainedState();
        Pipeline = pipeline;
    }

    private ForecastPipeline Pipeline { get; }

    /// <summary>The series that have steps, by the text of their values; "" where rows have no column of series.</summary>
    public IReadOnlyCollection<string> Series => _state.Series;

    /// <summary>Adds a step to its series. A target that is missing (NaN) is a gap.</summary>
    /// <param name="step">The step.</param>
    public void Observe(TIn step)
    {
        ArgumentNullException.ThrowIfNull(step);
        (string series, float[] numbers) = _steps.Read([step], _transformer.Forecast.Shape)[0];
        _state.Add(series, numbers);
    }

    /// <summary>Forecasts the steps after the last one that was observed of a series.</summary>
    /// <param name="series">The text of the series' value. Null: the only one.</param>
    /// <returns>The forecast; NaN where the series has not yet as many steps as a window.</returns>
    /// <exception cref="ArgumentException">There is no such series, or there are several and none is named.</exception>
    /// <exception cref="InvalidOperationException">The model reads covariates that are known ahead.</exception>
    public TOut Predict(string? series = null)
    {
        if (_transformer.Forecast.Shape.Future > 0)
            throw new InvalidOperationException($"The model reads covariates that are known ahead ('{string.Join("', '", _transformer.Columns.Future)}'): " +
                $"give Predict the next {_transformer.Horizon} steps, of which it reads these.");
        series ??= _state.Series.Count == 1 ? _state.Series.First() : throw new ArgumentException($"There are {_state.Series.Count} series: say which.", nameof(series));
        return _state.Has(series) ? Predict(series, []) : throw new ArgumentException($"Of the series '{series}' no step was observed.", nameof(series));
    }

    /// <summary>Forecasts the steps after the last one of a series, of which something is known.</summary>
    /// <param name="future">
    /// The next steps, as many as the horizon; they tell the series. Only the covariates that are known ahead are read: targets are
    /// missing (NaN) or not looked at.
    /// </param>
    /// <returns>The forecast; NaN where the series has not yet as many steps as a window, or a covariate is missing.</returns>
    /// <exception cref="ArgumentException">There are too few steps, or they are of different series.</exception>
    public TOut Predict(IEnumerable<TIn> future)
    {
        ArgumentNullException.ThrowIfNull(future);
        (string Series, float[] Numbers)[] steps = _steps.Read([.. future], _transformer.Forecast.Shape);
        if (steps.Length < _transformer.Horizon)
            throw new ArgumentException($"{steps.Length} steps are given, but the horizon is {_transformer.Horizon}.", nameof(future));
        if (steps.Any(step => step.Series != steps[0].Series))
            throw new ArgumentException("The steps are of different series: forecast one at a time.", nameof(future));
        return Predict(steps[0].Series, [.. steps.Select(step => step.Numbers)]);
    }

    /// <summary>An engine with the same state, which then goes its own way.</summary>
    public ForecastEngine<TIn, TOut> Copy()
    {
        var copy = new ForecastEngine<TIn, TOut>(_ml, Pipeline);
        copy._state.Replace(_state);
        return copy;
    }

    /// <summary>Forgets all steps, those of the training rows included.</summary>
    public void Clear() => _state.Clear();

    /// <summary>Writes the state: the last steps of each series. The stream stays open.</summary>
    /// <param name="stream">Where to write.</param>
    public void SaveState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SealedPayload.Write(stream, StateKind, StateVersion, writer =>
        {
            writer.Write(_transformer.Forecast.Shape.HistorySize);
            writer.Write(_transformer.Forecast.Shape.StepSize);
            _state.Write(writer);
        });
    }

    /// <summary>Goes on from a state that <see cref="SaveState"/> wrote, of an engine of the same model.</summary>
    /// <param name="stream">Where to read.</param>
    /// <exception cref="InvalidDataException">The stream holds something else, or the state of another model; the state is as it was.</exception>
    public void LoadState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _state.Replace(SealedPayload.Read(stream, StateKind, StateVersion, reader =>
        {
            ForecastShape shape = _transformer.Forecast.Shape;
            return reader.ReadInt32() == shape.HistorySize && reader.ReadInt32() == shape.StepSize
                ? ForecastState.Read(reader, shape) : throw reader.Bad("it is of a model with other windows");
        }));
    }

    private TOut Predict(string series, float[][] future)
    {
        ForecastModel model = _transformer.Forecast;
        float[] points = new float[model.Shape.Labels], lowers = new float[points.Length], uppers = new float[points.Length];
        if (_encoder.TryEncode(_state.StepsOf(series, future), _state.CountOf(series) - 1))
        {
            float[] outputs = new float[model.Network.NumberOfOutputs];
            model.Network.Score(_encoder.Frames, outputs, _workspace);
            model.Decode(_encoder, outputs, points, lowers, uppers);
        }
        else
            foreach (float[] values in new[] { points, lowers, uppers })
                values.AsSpan().Fill(float.NaN);
        IDataView forecast = ForecastRow.View(_ml, _transformer, series, points, lowers, uppers);
        foreach (ITransformer transformer in _after)
            forecast = transformer.Transform(forecast);
        return _ml.Data.CreateEnumerable<TOut>(forecast, reuseRowObject: false).Single();
    }
}
