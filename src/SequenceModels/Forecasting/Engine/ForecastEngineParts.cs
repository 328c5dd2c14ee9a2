using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Forecasting;

/// <summary>What the passes of an engine share.</summary>
internal sealed class ForecastEngineParts<TIn, TOut> where TIn : class where TOut : class, new()
{
    private readonly MLContext _ml;
    private readonly bool _ignoreMissingColumns;
    private readonly SchemaDefinition? _input, _output;

    /// <exception cref="ArgumentException">The chain cannot be used step by step with these types.</exception>
    public ForecastEngineParts(MLContext ml, ForecastPipeline pipeline, bool ignoreMissingColumns, SchemaDefinition? input,
        SchemaDefinition? output)
    {
        (_ml, _ignoreMissingColumns, _input, _output) = (ml, ignoreMissingColumns, input, output);
        SchemaDefinition answer = output ?? SchemaDefinition.Create(typeof(TOut), SchemaDefinition.Direction.Write);
        DataViewSchema steps = ml.Data.LoadFromEnumerable<TIn>([], input).Schema;
        Binding = new ForecastBinding(pipeline, steps, [.. answer.Select(column => column.ColumnName)], ignoreMissingColumns);
        ForecastTransformer forecasting = pipeline.Forecasting;
        Meaning = StateMeaning.Of(forecasting.Columns, forecasting.ForecastModel.Spec, Binding.Kept);
    }

    public ForecastBinding Binding { get; }

    public StateMeaning Meaning { get; }

    public ForecastSteps<TIn> CreateSteps() => new(_ml, Binding, _input);

    /// <param name="forecast">Forecast, lower and upper bound, each [L], whatever stands there when an answer is filled.</param>
    public ForecastAnswers<TOut> CreateAnswers(float[][] forecast) => new(_ml, Binding, forecast, _ignoreMissingColumns, _output);
}
