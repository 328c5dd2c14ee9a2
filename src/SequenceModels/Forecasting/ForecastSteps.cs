using Microsoft.ML;

namespace SequenceModels.Forecasting;

/// <summary>Objects of the user's as steps: through the transforms before a forecast, to its numbers.</summary>
internal sealed class ForecastSteps<TIn>(MLContext ml, IReadOnlyList<ITransformer> before, ForecastColumns columns) where TIn : class
{
    /// <summary>The series and numbers [N] of each step.</summary>
    public (string Series, float[] Numbers)[] Read(TIn[] steps, ForecastShape shape)
    {
        IDataView view = ml.Data.LoadFromEnumerable(steps);
        foreach (ITransformer transformer in before)
            view = transformer.Transform(view);
        SeriesTable table = SeriesTable.Read(view, columns with { Time = null }, shape.IsLog);
        return [.. table.Places.Select(place => (table.Names[place.Series], table.Series[place.Series][place.Step].ToArray()))];
    }
}
