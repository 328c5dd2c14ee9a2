using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Forecasting;

/// <summary>
/// The row that a table's forecast would stand in: what is kept of a series' last step, and the forecast beside it.
/// </summary>
/// <param name="binding">Which columns there are.</param>
/// <param name="forecast">Forecast, lower and upper bound, each [L], whatever stands there when the row is read.</param>
internal sealed class LastStepSource(ForecastBinding binding, float[][] forecast) : RowPart
{
    /// <summary>The series' last step; a value for each kept column.</summary>
    public StepValue[] Values { get; set; } = [];

    public override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        new Mapper(inputSchema, binding.Forecasts, [], (_, column) => MakeGetter(column));

    private Delegate? MakeGetter(DataViewSchema.Column column)
    {
        int made = column.Index - binding.Steps.Count;
        if (made >= 0)
            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, forecast[made].Length);
                forecast[made].CopyTo(editor.Values);
                value = editor.Commit();
            });
        int kept = column.IsHidden ? -1 : Array.FindIndex(binding.Kept, each => each.Name == column.Name);
        return kept < 0 ? null : binding.Kept[kept].NewValue().GetterOf(() => Values[kept]);
    }
}
