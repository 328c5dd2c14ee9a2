using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Forecasting;

/// <summary>A forecast as an object of the user's: through the transforms behind it.</summary>
internal sealed class ForecastAnswers<TOut> where TOut : class, new()
{
    private readonly PredictionEngine<NoColumns, TOut> _engine;
    private readonly NoColumns _row = new();
    private readonly LastStepSource _source;

    public ForecastAnswers(MLContext ml, ForecastBinding binding, float[][] forecast, bool ignoreMissingColumns,
        SchemaDefinition? schema)
    {
        _source = new LastStepSource(binding, forecast);
        var chain = new TransformerChain<ITransformer>([_source, .. binding.Pipeline.After]);
        _engine = ml.Model.CreatePredictionEngine<NoColumns, TOut>(chain, new PredictionEngineOptions
        {
            IgnoreMissingColumns = ignoreMissingColumns, OutputSchemaDefinition = schema, OwnsTransformer = false,
        });
    }

    /// <summary>Fills an answer with the forecast that stands there now.</summary>
    public void Fill(StepValue[] lastStep, ref TOut answer)
    {
        _source.Values = lastStep;
        _engine.Predict(_row, ref answer);
    }

    private sealed class NoColumns;
}
