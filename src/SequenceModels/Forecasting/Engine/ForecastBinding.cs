using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Forecasting;

/// <summary>
/// A forecast's chain bound to the columns of a user's steps and answers: which columns there are, and which of a last step must
/// be kept.
/// </summary>
internal sealed class ForecastBinding
{
    /// <param name="pipeline">The chain.</param>
    /// <param name="input">Columns of the user's steps.</param>
    /// <param name="answer">The columns that the user's answers have.</param>
    /// <param name="ignoreMissing">Whether answers may have others than those that there are.</param>
    /// <exception cref="ArgumentException">
    /// A part cannot be bound, or needs a column that is not kept; the message names both.
    /// </exception>
    public ForecastBinding(ForecastPipeline pipeline, DataViewSchema input, string[] answer, bool ignoreMissing)
    {
        Pipeline = pipeline;
        DataViewSchema schema = input;
        foreach (ITransformer part in pipeline.Before)
            schema = Bind(part, () => part.GetRowToRowMapper(schema)).OutputSchema;
        Steps = schema;
        schema = Forecasts = Bind(pipeline.Forecasting, () => pipeline.Forecasting.GetOutputSchema(Steps));
        var after = new List<IRowToRowMapper>();
        foreach (ITransformer part in pipeline.After)
        {
            after.Add(Bind(part, () => part.GetRowToRowMapper(schema)));
            schema = after[^1].OutputSchema;
        }
        IEnumerable<string> there = schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'");
        if (!ignoreMissing && answer.FirstOrDefault(name => schema.GetColumnOrNull(name) is null) is { } missing)
            throw new ArgumentException($"The type of the forecasts has a column '{missing}', which neither the steps nor the " +
                $"chain have. They have: {string.Join(", ", there)}.");
        Kept = [.. Needed(after, [.. answer.Select(name => schema.GetColumnOrNull(name)).OfType<DataViewSchema.Column>()])];
    }

    public ForecastPipeline Pipeline { get; }

    /// <summary>The columns that the forecast reads a step in.</summary>
    public DataViewSchema Steps { get; }

    /// <summary>These and the forecast's own behind them.</summary>
    public DataViewSchema Forecasts { get; }

    /// <summary>
    /// The columns whose values at the last step are kept: those that are needed after the forecast, and the time.
    /// </summary>
    public KeptColumn[] Kept { get; }

    private T Bind<T>(ITransformer part, Func<T> bind)
    {
        try
        {
            return bind();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new ArgumentException($"{Pipeline.Describe(part)} cannot take the columns of the steps: {e.Message} The " +
                "type of the steps needs every column that the chain was fitted with and reads.", e);
        }
    }

    private IEnumerable<KeptColumn> Needed(List<IRowToRowMapper> after, DataViewSchema.Column[] wanted)
    {
        // From the back: the columns that are wanted of each part, and who wants them, where a part hands on what it was given.
        Dictionary<string, string> readers = wanted.DistinctBy(column => column.Name)
            .ToDictionary(column => column.Name, _ => "The type of the forecasts");
        for (int i = after.Count - 1; i >= 0; i--)
        {
            DataViewSchema.Column[] needed = [.. after[i].GetDependencies(wanted)];
            var own = new Dictionary<string, string>();
            foreach (DataViewSchema.Column column in needed)
            {
                bool isRead = after[i].GetDependencies(wanted.Where(each => each.Name != column.Name))
                    .Any(each => each.Index == column.Index);
                own[column.Name] = !isRead && readers.TryGetValue(column.Name, out string? reader) ? reader
                    : Pipeline.Describe(Pipeline.After[i]);
            }
            (readers, wanted) = (own, needed);
        }
        DataViewSchema.Column? time = Pipeline.Forecasting.Columns.TimeIn(Steps);
        if (time is { } order)
            yield return Keep(order, "The order of steps");
        foreach (DataViewSchema.Column column in wanted.DistinctBy(column => column.Index))
            if (column.Index < Steps.Count && column.Index != time?.Index)
                yield return Keep(column, readers[column.Name]);
    }

    private KeptColumn Keep(DataViewSchema.Column column, string reader)
    {
        const string Mend = "Make steps of the type that the training rows had, or leave it out.";
        KeptColumn? kept = column.IsHidden ? null : KeptColumn.Of(column);
        if (kept is null)
            throw new ArgumentException($"{reader} needs column '{column.Name}' of the last step, which is {column.Type}: an " +
                "engine keeps " +
                "numbers, keys, texts, times and vectors of them only. Leave it out.");
        KeptColumn? trained = Array.Find(Pipeline.Forecasting.TrainedColumns, each => each.Name == column.Name);
        if (trained is null)
            throw new ArgumentException($"{reader} needs column '{column.Name}' of the last step, which the training rows did " +
                $"not have. {Mend}");
        return kept.DifferenceTo(trained) is not { } difference ? kept : throw new ArgumentException(
            $"{reader} needs column '{column.Name}' of the last step: {difference} in the training rows. {Mend}");
    }
}
