using Microsoft.ML;

namespace SequenceModels.Forecasting;

/// <summary>
/// The last observed step of each series of a table, with every column whose values can be kept: what stands behind a forecast
/// may need any. They are read once it is known which rows these are, so that of all others no column is computed that nothing is
/// learned of.
/// </summary>
internal static class LastSteps
{
    /// <summary>The state of the series after all observed steps of a table.</summary>
    /// <param name="view">A row a step.</param>
    /// <param name="table">The same, as it was read.</param>
    /// <param name="columns">Of the forecast.</param>
    /// <param name="spec">Of the forecast.</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    /// <exception cref="InvalidOperationException">The view has other rows than it had.</exception>
    public static ForecastEngineState StateAfter(IDataView view, SeriesTable table, ForecastColumns columns, ForecastSpec spec,
        Action throwIfCanceled)
    {
        DataViewSchema.Column[] sources = [.. view.Schema.Where(column => !column.IsHidden && KeptColumn.Of(column) is not null)];
        KeptColumn[] kept = [.. sources.Select(source => KeptColumn.Of(source)!)];
        int[] observed = [.. table.Series.Select(steps => steps.CountObserved(spec.Targets))];
        StepValue[][] last = Read(view, sources, kept, LastRows(table, observed), throwIfCanceled);
        var state = new ForecastEngineState(spec, StateMeaning.Of(columns, spec, kept), kept);
        for (int series = 0; series < table.Series.Length; series++)
            for (int t = Math.Max(0, observed[series] - spec.HistorySize); t < observed[series]; t++)
                state.Add(state.Find(table.Names[series]), table.Names[series], table.Series[series][t], last[series]);
        return state;
    }

    /// <summary>From the row of the last observed step of a series to the series, in the order of rows.</summary>
    private static SortedList<int, int> LastRows(SeriesTable table, int[] observed)
    {
        var rows = new SortedList<int, int>();
        for (int series = 0; series < observed.Length; series++)
            if (observed[series] > 0)
                rows.Add(table.Series[series].RowOf(observed[series] - 1), series);
        return rows;
    }

    /// <summary>For each series, a value for each column of its row; of one without a row, what no row has written.</summary>
    private static StepValue[][] Read(IDataView view, DataViewSchema.Column[] sources, KeptColumn[] kept,
        SortedList<int, int> rows,
        Action throwIfCanceled)
    {
        StepValue[][] values = new StepValue[rows.Values.DefaultIfEmpty(-1).Max() + 1][];
        // One of a set: GetRowCursor of ML.NET's transforms may read ahead, and compute every column of every row.
        using DataViewRowCursor cursor = view.GetRowCursorSet(sources, 1)[0];
        StepValue[] present = KeptColumn.NewValues(kept);
        Action<StepValue>[] readers = [.. sources.Select((source, i) => present[i].Reader(cursor, source))];
        for (int next = 0, row = 0; next < rows.Count; row++)
        {
            CancellationChecks.AtRow(row, throwIfCanceled);
            if (!cursor.MoveNext())
                throw new InvalidOperationException(Invariant($"The data had {Counted.Of(rows.Keys[^1] + 1, "row")} or more ") +
                    Invariant($"when it was read first, and has {row} now. ") +
                    "Fit reads it twice: give it rows that stay the same, such as those of a file, or of a list in place of " +
                    "an enumerator.");
            if (row != rows.Keys[next])
                continue;
            StepValue[] own = values[rows.Values[next++]] = KeptColumn.NewValues(kept);
            for (int i = 0; i < readers.Length; i++)
                readers[i](own[i]);
        }
        return values;
    }
}
