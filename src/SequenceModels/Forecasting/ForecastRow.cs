using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Forecasting;

/// <summary>One forecast as a view of one row, its columns named as the model names them.</summary>
internal sealed class ForecastRow
{
    public float[] Point { get; set; } = [];

    public float[] Lower { get; set; } = [];

    public float[] Upper { get; set; } = [];

    public string Series { get; set; } = "";

    public static IDataView View(MLContext ml, SequenceForecastingTransformer transformer, string series, float[] points, float[] lowers, float[] uppers)
    {
        var schema = SchemaDefinition.Create(typeof(ForecastRow));
        DataViewSchema.DetachedColumn[] outputs = transformer.Columns.Outputs(transformer.Horizon);
        string[] properties = [nameof(Point), nameof(Lower), nameof(Upper)];
        for (int i = 0; i < outputs.Length; i++)
            (schema[properties[i]].ColumnName, schema[properties[i]].ColumnType) = (outputs[i].Name, outputs[i].Type);
        if (transformer.Columns.Series is { } name)
            schema[nameof(Series)].ColumnName = name;
        else
            schema.Remove(schema[nameof(Series)]);
        return ml.Data.LoadFromEnumerable([new ForecastRow { Point = points, Lower = lowers, Upper = uppers, Series = series }], schema);
    }
}
