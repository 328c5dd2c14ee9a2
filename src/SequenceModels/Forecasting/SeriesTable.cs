using System.Globalization;
using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Transforms;

namespace SequenceModels.Forecasting;

/// <summary>A table of time steps, read once into memory, by series and in the order of time.</summary>
internal sealed class SeriesTable
{
    private SeriesTable(SeriesSteps[] series, string[] names, (int Series, int Step)[] places) =>
        (Series, Names, Places) = (series, names, places);

    public SeriesSteps[] Series { get; }

    /// <summary>Of the series; one that was not named has the name "".</summary>
    public string[] Names { get; }

    /// <summary>Where each row of the table is.</summary>
    public (int Series, int Step)[] Places { get; }

    /// <param name="view">A row a step.</param>
    /// <param name="columns">Which columns are read.</param>
    /// <param name="needPositive">Whether targets are logarithms later.</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    /// <exception cref="InvalidOperationException">
    /// A value is infinite, or not positive where it must be; a row has no time or no series, or two have the same time.
    /// </exception>
    public static SeriesTable Read(IDataView view, ForecastColumns columns, bool needPositive, Action? throwIfCanceled = null)
    {
        DataViewSchema.Column[] numberColumns = columns.Numbers(view.Schema);
        DataViewSchema.Column? timeColumn = columns.TimeIn(view.Schema), seriesColumn = columns.SeriesIn(view.Schema);
        using DataViewRowCursor cursor =
            view.GetRowCursor(numberColumns.Concat(new[] { timeColumn, seriesColumn }.OfType<DataViewSchema.Column>())
            .DistinctBy(column => column.Index));
        var stepReader = new StepReader(cursor, columns, needPositive);
        var seriesReader = SeriesReader.Of(cursor, seriesColumn);
        GroupedColumn? times = timeColumn is { } column ? GroupedColumn.Create(column) : null;
        Action? storeTime = times?.Store(cursor);
        TimeReader? time = timeColumn is { } timed ? new TimeReader(cursor, timed) : null;
        var numbers = new StepNumbers(stepReader.Size);
        float[] step = new float[stepReader.Size];
        var groups = new List<List<int>>();
        for (int row = 0; cursor.MoveNext(); row++)
        {
            if (throwIfCanceled is not null)
                CancellationChecks.AtRow(row, throwIfCanceled);
            int series = seriesReader.Read();
            if (series == groups.Count)
                groups.Add([]);
            groups[series].Add(row);
            stepReader.Read(step, row);
            numbers.Add(step);
            storeTime?.Invoke();
            time?.Require(row);
        }
        times?.RequireRightOrder();
        int[][] rows = [.. groups.Select((group, series) => Order(group, times, seriesReader.Names[series], columns))];
        var places = new (int, int)[rows.Sum(group => group.Length)];
        for (int s = 0; s < rows.Length; s++)
            for (int t = 0; t < rows[s].Length; t++)
                places[rows[s][t]] = (s, t);
        return new SeriesTable([.. rows.Select(group => new SeriesSteps(numbers, group))], [.. seriesReader.Names], places);
    }

    private static int[] Order(List<int> rows, GroupedColumn? times, string series, ForecastColumns columns)
    {
        if (times is null)
            return [.. rows];
        int[] ordered = [.. rows.OrderBy(row => row, Comparer<int>.Create(times.Compare))];
        for (int t = 1; t < ordered.Length; t++)
            if (times.Compare(ordered[t - 1], ordered[t]) == 0)
                throw TimeFaults.Doubled(columns, times.Show(ordered[t]), series);
        return ordered;
    }

    /// <summary>Throws if a step has a number that it must not have.</summary>
    /// <param name="step">[N].</param>
    /// <param name="columns">What the numbers are.</param>
    /// <param name="targets">How many of the numbers are targets.</param>
    /// <param name="needPositive">Whether targets are logarithms later.</param>
    /// <param name="row">Which row of several it is; null: it comes alone.</param>
    /// <exception cref="InvalidOperationException">It has.</exception>
    public static void Check(ReadOnlySpan<float> step, DataViewSchema.Column[] columns, int targets, bool needPositive, int? row)
    {
        for (int i = 0; i < step.Length; i++)
            if (float.IsInfinity(step[i]) || (needPositive && i < targets && step[i] <= 0))
            {
                int column = 0;
                for (int left = i; left >= NumbersReader.SizeOf(columns[column]); column++)
                    left -= NumbersReader.SizeOf(columns[column]);
                string place = row is null ? "" : string.Create(CultureInfo.InvariantCulture, $", row {row} (counted from 0)");
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"Column '{columns[column].Name}'{place}: the value is {step[i]}. ") +
                    (float.IsInfinity(step[i]) ? "Only finite numbers can be forecast from; a missing one is NaN."
                        : "Its logarithm is asked for (ForecastOptions.Transform), and only positive numbers have one. For " +
                        "counts and other numbers " +
                          "that may be 0, leave Transform at None and set ForecastOptions.LowestValue to 0."));
            }
    }
}
