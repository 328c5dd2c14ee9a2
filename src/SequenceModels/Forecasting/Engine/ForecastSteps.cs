using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Forecasting;

/// <summary>Objects of the user's as steps, one at a time: through the transforms before a forecast, to its numbers.</summary>
internal sealed class ForecastSteps<TIn> where TIn : class
{
    private readonly PredictionEngine<TIn, Answer> _engine;
    private readonly StepCapture _capture;
    private Answer _answer = new();

    public ForecastSteps(MLContext ml, ForecastBinding binding, SchemaDefinition? schema)
    {
        _capture = new StepCapture(binding.Pipeline.Forecasting, binding.Kept);
        _engine = ml.Model.CreatePredictionEngine<TIn, Answer>(new TransformerChain<ITransformer>([.. binding.Pipeline.Before,
            _capture]),
            new PredictionEngineOptions { InputSchemaDefinition = schema, OwnsTransformer = false });
    }

    /// <summary>Takes a step.</summary>
    /// <param name="step">The user's.</param>
    /// <param name="place">Which of several it is; null: it comes alone.</param>
    /// <param name="isAhead">Whether only what is known ahead is read.</param>
    /// <returns>What was taken, until the next.</returns>
    public StepCapture Take(TIn step, int? place, bool isAhead)
    {
        (_capture.Place, _capture.IsAhead) = (place, isAhead);
        _engine.Predict(step, ref _answer);
        return _capture;
    }

    private sealed class Answer
    {
        [ColumnName(StepCapture.Taken)]
        public bool Taken { get; set; }
    }
}
