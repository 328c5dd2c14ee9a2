namespace SequenceModels.Forecasting;

/// <summary>What is wrong with the time of a step, in a table or alone.</summary>
internal static class TimeFaults
{
    public static InvalidOperationException Doubled(ForecastColumns columns, string time, string series) => new(
        $"Column '{columns.Time}': '{time}' stands in two rows{Of(columns, series)}. A step has one row: remove one of them, " +
        "or " +
        $"{(columns.Series is null ? "say which rows are of one series (SeriesColumnName)" : "mend the time")}.");

    /// <param name="column">Of times.</param>
    /// <param name="row">Which row of several it is; null: it comes alone.</param>
    public static InvalidOperationException Missing(string? column, int? row) => new(
        $"Column '{column}'{(row is null ? "" : Invariant($", row {row} (counted from 0)"))}: " +
        "the time is missing, and the step has no place in its series. Give it a time, or leave it out.");

    /// <param name="columns">Of the model.</param>
    /// <param name="time">Of the step.</param>
    /// <param name="last">Of the last step observed.</param>
    /// <param name="series">Of both.</param>
    /// <param name="isAhead">Whether the step is one to be forecast.</param>
    public static InvalidOperationException NotAfter(ForecastColumns columns, StepValue time, StepValue last, string series,
        bool isAhead) => new(
        $"Column '{columns.Time}': '{time}' is before '{last}', the last step that was observed{Of(columns, series)}. " + (isAhead
            ? "Steps to be forecast come after it: give each its time."
            : "An engine takes steps in the order of time: leave this one out, or let an empty state observe the " +
            "steps in their order."));

    private static string Of(ForecastColumns columns, string series) =>
        columns.Series is null ? "" : $" of the series '{series}'";
}
