namespace SequenceModels.Forecasting;

/// <summary>
/// All that an engine needs to take a step or to make a forecast, with memory that is used again. One per thread.
/// </summary>
internal sealed class ForecastEnginePass<TIn, TOut> where TIn : class where TOut : class, new()
{
    private readonly ForecastSpec _spec;
    private readonly ForecastPass _forecast;
    private readonly ForecastSteps<TIn> _steps;
    private readonly ForecastAnswers<TOut> _answers;
    private readonly FutureSteps _future;

    /// <summary>Forecast, lower and upper bound, each [L].</summary>
    private readonly float[][] _values;

    public ForecastEnginePass(ForecastEngineParts<TIn, TOut> parts)
    {
        ForecastTransformer forecasting = parts.Binding.Pipeline.Forecasting;
        _spec = forecasting.ForecastModel.Spec;
        _forecast = new ForecastPass(forecasting.ForecastModel);
        _future = new FutureSteps(forecasting.Columns, _spec.Horizon, _spec.Future);
        _values = [new float[_spec.Labels], new float[_spec.Labels], new float[_spec.Labels]];
        (_steps, _answers) = (parts.CreateSteps(), parts.CreateAnswers(_values));
    }

    /// <summary>Adds a step to its series.</summary>
    public void Observe(ForecastEngineState state, TIn step)
    {
        StepCapture taken = _steps.Take(step, place: null, isAhead: false);
        EngineSeries? series = state.Find(taken.Series.Span);
        if (series is not null)
            taken.RequireAfter(series);
        state.Add(series, taken.Series.Span, taken.Numbers, taken.Values);
    }

    /// <summary>Forecasts what comes after the last step of a series of which nothing is known ahead.</summary>
    public void Predict(EngineSeries series, ref TOut prediction) => Predict(series, [], ref prediction);

    /// <summary>Forecasts what comes after the last step of the series that steps still to come tell.</summary>
    public void Predict(ForecastEngineState state, IEnumerable<TIn> future, ref TOut prediction)
    {
        _future.Begin();
        if (future is IReadOnlyList<TIn> list) // an enumerator would take memory
            for (int i = 0; i < list.Count; i++)
                _future.Add(_steps.Take(list[i], i, isAhead: true), state);
        else
            foreach (TIn step in future)
                _future.Add(_steps.Take(step, _future.Count, isAhead: true), state);
        ReadOnlySpan<float> ahead = _future.Ordered();
        Predict(_future.Series, ahead, ref prediction);
    }

    private void Predict(EngineSeries series, ReadOnlySpan<float> ahead, ref TOut prediction)
    {
        _forecast.Forecast(series.Steps, ahead, _values[0], _values[1], _values[2], series.Name);
        _answers.Fill(series.Last, ref prediction);
    }
}
